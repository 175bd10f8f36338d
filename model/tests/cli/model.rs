//! The commands `diagram` and `explore`, which show the model itself.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use session_lifecycle_model::{PropertyId, dot, mermaid};

use crate::command::{Answer, Child, run};

#[test]
fn diagram_prints_the_graph_in_either_language() {
    assert_eq!(run(&["diagram"]), Answer::of(0, mermaid()));
    assert_eq!(
        run(&["diagram", "--format", "mermaid"]),
        Answer::of(0, mermaid())
    );
    assert_eq!(run(&["diagram", "--format", "dot"]), Answer::of(0, dot()));
}

#[test]
fn explore_on_an_occupied_port_ends_with_2_and_names_it() {
    let occupant = TcpListener::bind("127.0.0.1:0").expect("some port is free");
    let addr = occupant.local_addr().expect("it is bound").to_string();
    let Answer { code, out, err } = run(&["explore", "--addr", &addr]);
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    assert!(err.contains(&addr), "{err}");
}

/// What the server answers, once it does; head and body.
fn get(addr: SocketAddr, path: &str) -> Option<(String, String)> {
    let mut stream = TcpStream::connect_timeout(&addr, Duration::from_secs(1)).ok()?;
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .ok()?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {addr}\r\nConnection: close\r\n\r\n"
    )
    .ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    Some((head.to_owned(), body.to_owned()))
}

#[test]
fn explore_serves_the_model_with_its_properties() {
    let free = TcpListener::bind("127.0.0.1:0").expect("some port is free");
    let addr = free.local_addr().expect("it is bound");
    drop(free);
    let args = ["explore", "--scope", "small", "--addr", &addr.to_string()];
    let _server = Child::start(&args);
    let begun = Instant::now();
    let (head, body) = loop {
        if let Some(answer) = get(addr, "/.status") {
            break answer;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "the Explorer does not answer"
        );
        std::thread::sleep(Duration::from_millis(100));
    };
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    for id in PropertyId::ALL {
        assert!(
            body.contains(&format!("{id} witness: {}", id.witness())),
            "{id}: {body}"
        );
    }
    let (_, states) = get(addr, "/.states/").expect("it answered before");
    assert!(
        states.contains("session: idle") && states.contains("provider: Absent"),
        "a state is shown by its names: {states}"
    );
}
