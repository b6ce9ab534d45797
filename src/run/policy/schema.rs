//! `policy schema`: what editors complete and check policy files by.

use std::io::Write;
use std::path::Path;

use super::super::write_file;
use crate::cli::PolicySchema;
use crate::error::Error;
use crate::schema::Schema;

pub(super) fn run(options: &PolicySchema) -> Result<u8, Error> {
    let mut out = std::io::stdout();
    let text = match &options.dir {
        None => text(options.file),
        Some(folder) => {
            let mut lines =
                String::from("Put one of these lines at the top of a file, with the path as seen from it:\n");
            for schema in Schema::ALL {
                let path = folder.join(schema.file_name());
                write_file(&path, text(schema).as_bytes())?;
                lines.extend(["  ", &Schema::header(&path.display().to_string()), "\n"]);
            }
            lines
        }
    };
    out.write_all(text.as_bytes()).map_err(Error::Stdout)?;
    Ok(0)
}

/// Writes the schemas into a folder, those that are not there yet.
pub(super) fn write_missing(folder: &Path) -> Result<(), Error> {
    for schema in Schema::ALL {
        let path = folder.join(schema.file_name());
        if !path.exists() {
            write_file(&path, text(schema).as_bytes())?;
        }
    }
    Ok(())
}

fn text(schema: Schema) -> String {
    format!("{:#}\n", schema.json())
}
