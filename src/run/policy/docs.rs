//! `policy docs`: the rules of packs as a Markdown page.

use std::io::Write;

use super::super::packs;
use crate::cli::PolicyDocs;
use crate::error::Error;
use crate::generate;
use crate::pack::{Disk, Loader, Pack, built_in_packs};

pub(super) fn run(options: &PolicyDocs) -> Result<u8, Error> {
    let failed = |diagnostics| Error::Diagnostics { diagnostics };
    let packs = if options.packs.is_empty() {
        built_in_packs().map_err(failed)?
    } else {
        let mut loader = Loader::new(&Disk);
        let mut load = |name: &String| loader.load(packs::find_pack(name)?).map_err(failed);
        options.packs.iter().map(&mut load).collect::<Result<Vec<Pack>, Error>>()?
    };
    std::io::stdout().write_all(generate::rules(&packs).as_bytes()).map_err(Error::Stdout)?;
    Ok(0)
}
