//! `trailproof policy …`: one module per subcommand.

mod check;
mod problems;
mod target;
mod test;
mod tree;

use super::packs;
use crate::cli::{Color, Policy};
use crate::error::Error;
use crate::pack::with_stack;

pub(super) fn run(command: &Policy, color: Color) -> Result<u8, Error> {
    let work = || match command {
        Policy::List { packs } => packs::list(packs, color),
        Policy::Check(options) => check::run(options, color),
        Policy::Test(options) => test::run(options, color),
    };
    with_stack(work).unwrap_or_else(|reason| Err(Error::Runtime(std::io::Error::other(reason))))
}
