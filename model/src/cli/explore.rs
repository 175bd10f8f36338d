//! `explore`: stateright's Explorer on the model.

use std::net::TcpListener;
use std::process::ExitCode;

use session_lifecycle::{Fault, FaultLayer};
use session_lifecycle_model::world::World;
use session_lifecycle_model::{Scope, Shipped};
use stateright::Model as _;

use crate::cli::output::{self, UNREADABLE};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where to listen: a name or a number, and a port (0 for any that is free)
    #[arg(long, default_value = "127.0.0.1:3000")]
    addr: String,

    /// How much may happen
    #[arg(long, value_parser = output::scope(), default_value = Scope::DEFAULT.name)]
    scope: Scope,

    /// Put this published defect back first, as in `S1-01`
    #[arg(long, value_name = "ID", value_parser = output::fault)]
    fault: Option<Fault>,
}

/// Serves until it is interrupted.
pub(crate) fn run(args: &Args) -> ExitCode {
    let elsewhere = |fault: &Fault| fault.layer() != FaultLayer::Projection;
    if let Some(fault) = args.fault.filter(elsewhere) {
        let id = fault.id();
        return output::wrong_usage(&format!(
            "{id} is no defect of the projection; the Explorer shows the projection"
        ));
    }
    // The Explorer panics if it cannot listen; say so in a sentence instead.
    let listener = TcpListener::bind(&args.addr).and_then(|listener| listener.local_addr());
    let addr = match listener {
        Ok(addr) => addr,
        Err(why) => {
            let addr = &args.addr;
            eprintln!("session-lifecycle: cannot listen on {addr} (as in 127.0.0.1:3000): {why}");
            return UNREADABLE.into();
        }
    };
    eprintln!(
        "Explorer of the {} scope: http://{addr}/ (Ctrl-C ends it)",
        args.scope.name
    );
    World::new(Shipped { fault: args.fault }, args.scope)
        .for_a_reader()
        .checker()
        .serve(addr);
    ExitCode::SUCCESS
}
