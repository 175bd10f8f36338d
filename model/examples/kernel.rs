//! Try the kernel model.
use session_lifecycle_model::engine::*;
use session_lifecycle_model::kernel::*;
fn main() {
    let a: Vec<u8> = std::env::args()
        .nth(1)
        .unwrap()
        .bytes()
        .map(|b| b - b'0')
        .collect();
    let kernel = Kernel::new(Allowance {
        stops: a[0],
        deviations: a[1],
        crashes: a[2],
        restarts: a[3],
        duplicates: a[4],
        own_turns: a[5],
        tasks: a[6],
        requests: a[7],
        configurations: a.get(8).copied().unwrap_or(0),
    });
    let limit: usize = std::env::args()
        .nth(2)
        .map_or(8_000_000, |a| a.parse().unwrap());
    let e = explore(
        &kernel,
        Limits {
            states: Some(limit),
            ..Limits::default()
        },
        |_| {},
    );
    println!(
        "{} states {} edges depth {} cut {:?} {:?} {} bytes",
        e.graph.len(),
        e.graph.edge_count(),
        e.depth,
        e.cut,
        e.elapsed,
        size_of::<Spot>()
    );
    let show = |way: &[u32]| {
        for leg in way.windows(2) {
            let (f, t) = (
                e.graph.state(leg[0]).unwrap(),
                e.graph.state(leg[1]).unwrap(),
            );
            let v = kernel.memo.view(t.kept);
            println!(
                "  {:?} {:?} -> {} {:?} q{} h{:?} p{} i{:?} s{} | {:?} {:?} asks {:?} news {:?} rep {:?}",
                e.graph.action_between(leg[0], leg[1]).unwrap(),
                f.truth.news.head().map(|n| n.1),
                v.status,
                v.active,
                v.queue,
                v.handed,
                v.parked as u8,
                v.interrupting,
                v.stopping as u8,
                t.truth.process,
                t.truth.turn,
                t.truth.asks.iter().collect::<Vec<_>>(),
                t.truth.news.iter().map(|n| n.1).collect::<Vec<_>>(),
                t.truth.replies.iter().map(|n| n.1).collect::<Vec<_>>()
            );
        }
    };
    let mut shown = 0;
    for claim in Claim::ALL {
        if !claim.is_liveness() {
            if let Some(at) = e.graph.states().position(|s| claim.is_broken(s)) {
                println!("{claim:?} BROKEN");
                shown += 1;
                if shown < 3 {
                    show(&e.graph.way_to(at as u32));
                }
            }
        } else if e.cut.is_none() {
            let fairness = Fairness {
                class: &claims::class,
                ceases: &claims::ceases,
            };
            if let Some(l) = find_lasso(
                &e.graph,
                |s| !claim.goal(&kernel, s),
                |s| claim.goal(&kernel, s),
                &fairness,
            ) {
                println!("{claim:?} LASSO");
                shown += 1;
                if shown < 3 {
                    show(&l.prefix);
                    println!("  ---");
                    show(&l.cycle);
                }
            }
        }
    }
}
