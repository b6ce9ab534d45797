//! `trailproof-replica WORLD.yaml [--port N]`: serves a world until Ctrl-C, and writes a line for each request.

use std::process::ExitCode;
use trailproof_replica::{Replica, Request, World};

const USAGE: &str = "usage: trailproof-replica WORLD.yaml [--port N]";

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
    }
}

async fn run(arguments: &[String]) -> Result<(), String> {
    let (path, port) = match arguments {
        [path] if !path.starts_with('-') => (path, 0),
        [path, flag, port] | [flag, port, path] if flag == "--port" => {
            (path, port.parse().map_err(|_| format!("`{port}` is no port"))?)
        }
        _ => return Err(USAGE.into()),
    };
    let text = std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    let world = World::from_yaml(&text).map_err(|error| format!("{path}: {error}"))?;
    let callers: Vec<String> = world.callers().map(str::to_owned).collect();
    let replica = Replica::start_on(world, port).await.map_err(|error| format!("port {port}: {error}"))?;
    let mut requests = replica.watch();
    println!("serving {path} at {}", replica.endpoint());
    for caller in callers {
        println!("\n# to act as {caller}:");
        for (name, value) in replica.environment(&caller) {
            println!("export {name}={value}");
        }
    }
    println!();
    loop {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => break,
            Some(request) = requests.recv() => println!("{}", line(&request)),
        }
    }
    replica.stop().await;
    Ok(())
}

/// A request as a line of the log.
fn line(request: &Request) -> String {
    let Request { service, operation, account, region, resource, outcome, .. } = request;
    let code = outcome.code.as_deref().unwrap_or_default();
    let line = format!("{} {account} {region} {service}:{operation} {resource} {code}", outcome.status);
    line.trim_end().chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
