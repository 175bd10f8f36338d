//! The command line.
use session_lifecycle_model::*;
fn main() {
    let t = std::time::Instant::now();
    for e in faults::CATALOGUE {
        let c = e.run();
        println!("{} {} {} {}", c.id, c.property, c.caught, c.trace.len());
        if ["S1-01", "X-02", "L1-02", "L2-01", "S2-13"].contains(&c.id) {
            for s in c.trace {
                println!("{s}");
            }
        }
    }
    println!("{:?}", t.elapsed());
}
