//! `trailproof policy …`: one module per subcommand.

mod check;
mod docs;
mod eval;
mod facts;
mod new;
mod problems;
mod schema;
mod show;
mod target;
mod test;
mod tree;
mod wrap;

use super::packs;
use crate::cli::{Color, Policy};
use crate::error::Error;
use crate::pack::with_stack;

pub(super) fn run(command: &Policy, color: Color) -> Result<u8, Error> {
    let work = || match command {
        Policy::List { packs } => packs::list(packs, color),
        Policy::Check(options) => check::run(options, color),
        Policy::Test(options) => test::run(options, color),
        Policy::Show(options) => show::run(options, color),
        Policy::Facts(options) => facts::run(options, color),
        Policy::Eval(options) => eval::run(options),
        Policy::New(options) => new::run(options),
        Policy::Schema(options) => schema::run(options),
        Policy::Docs(options) => docs::run(options),
    };
    with_stack(work).unwrap_or_else(|reason| Err(Error::Runtime(std::io::Error::other(reason))))
}
