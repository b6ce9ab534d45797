//! Loads packs with all that they extend, each pack and each rule once.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::assemble::{Base, assemble};
use super::decode::Decoder;
use super::library::{BuiltIn, Bundle, Library, Missing, Place, builtin_ids};
use super::manifest::Manifest;
use super::yaml::parse;
use super::{Pack, decode::Text};
use crate::diagnostic::{Diagnostic, closest};
use crate::source::Source;
use crate::threads;

/// Packs that may extend one another in a row.
const MAX_CHAIN: usize = 10;
/// Packs that one pack may name in `extends`.
pub(super) const MAX_EXTENDS: usize = 50;

/// What loading does with the examples of rules, which it reads anyway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Examples {
    /// Runs them, and refuses a rule that does not do as they say.
    Run,
    /// Leaves them to whoever asked for the rules.
    Leave,
}

/// Does `work` where there is stack for every expression within the limits, or says why it could not.
pub fn with_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, String> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(threads::STACK).spawn_scoped(scope, work);
        let thread = thread.map_err(|error| error.to_string())?;
        thread.join().map_err(|_| "it stopped unexpectedly".to_owned())
    })
}

/// Files that a thread must have to be worth starting.
const SHARE: usize = 32;

/// Does the same with each item, in their order, on as many threads as pay off; the caller has the stack for it (see [`with_stack`]).
pub(super) fn in_shares<I: Sync, T: Send>(items: &[I], work: impl Fn(&I) -> T + Sync) -> Vec<T> {
    let parts = threads::parts(items.len(), SHARE);
    let all = |part| threads::slice(items, part, parts).iter().map(&work).collect::<Vec<T>>();
    threads::in_parts(parts, all).into_iter().flatten().collect()
}

/// Mistakes, or a pack without any.
pub(super) type Loaded = Result<Pack, Vec<Diagnostic>>;

/// Loads packs and remembers them, so that what several extend is read and checked once.
pub struct Loader<'l> {
    library: &'l dyn Library,
    examples: Examples,
    loaded: BTreeMap<Place, Loaded>,
    /// The packs being loaded, each extending the next.
    chain: Vec<Step>,
}

/// A pack that is being loaded, and where it names the next.
struct Step {
    place: Place,
    id: String,
    source: Arc<Source>,
    extends: Text,
}

impl<'l> Loader<'l> {
    /// A loader that finds what packs extend in this library.
    #[must_use]
    pub fn new(library: &'l dyn Library) -> Self {
        Self { library, examples: Examples::Run, loaded: BTreeMap::new(), chain: Vec::new() }
    }

    /// A loader that does with examples as told.
    #[must_use]
    pub fn with_examples(self, examples: Examples) -> Self {
        Self { examples, ..self }
    }

    /// Reads and checks a pack and all that it extends; all mistakes of all files at once.
    pub fn load(&mut self, bundle: Bundle) -> Result<Pack, Vec<Diagnostic>> {
        with_stack(|| self.load_here(bundle)).unwrap_or_else(|reason| {
            Err(vec![Diagnostic::error(format!("the pack cannot be loaded: {reason}"))])
        })
    }

    fn load_here(&mut self, bundle: Bundle) -> Loaded {
        if let Some(known) = self.loaded.get(&bundle.place) {
            return known.clone();
        }
        let place = bundle.place.clone();
        let loaded = self.load_anew(bundle).map_err(in_order);
        self.loaded.insert(place, loaded.clone());
        loaded
    }

    fn load_anew(&mut self, bundle: Bundle) -> Loaded {
        let Bundle { place, files, frameworks } = bundle;
        let (manifests, files): (Vec<Source>, Vec<Source>) =
            files.into_iter().partition(|source| source.file_name() == "pack.yaml");
        let Some(source) = manifests.into_iter().next().map(Arc::new) else {
            let diagnostic = Diagnostic::error("there is no `pack.yaml`");
            return Err(vec![diagnostic.help("a pack is a folder with a `pack.yaml` and rule files")]);
        };
        let mut decoder = Decoder::new(&source);
        let (root, found) = parse(&source);
        decoder.diagnostics = found;
        let manifest = root.and_then(|root| decoder.manifest(&root));
        let bases = match &manifest {
            Some(manifest) => self.bases(manifest, &place, &mut decoder),
            None => vec![Base::Missing],
        };
        assemble(manifest, decoder, bases, files, frameworks, self.examples)
    }

    fn bases(&mut self, manifest: &Manifest, place: &Place, decoder: &mut Decoder) -> Vec<Base> {
        if let Some(text) = manifest.extends.get(MAX_EXTENDS) {
            let at = decoder.inside(text, &(0..text.value.len()));
            decoder.error(at, format!("a pack may extend {MAX_EXTENDS} packs"), "one too many");
        }
        let mut bases = Vec::new();
        for text in manifest.extends.iter().take(MAX_EXTENDS) {
            let step = Step {
                place: place.clone(),
                id: manifest.id.clone(),
                source: Arc::clone(&decoder.source),
                extends: text.clone(),
            };
            self.chain.push(step);
            bases.push(self.base(text, place, decoder));
            self.chain.pop();
        }
        bases
    }

    fn base(&mut self, text: &Text, place: &Place, decoder: &mut Decoder) -> Base {
        let at = decoder.inside(text, &(0..text.value.len()));
        if text.value.starts_with(['/', '\\', '~']) {
            decoder.error(at, "an extended folder is named from the folder of this file", "starts elsewhere");
            return Base::Missing;
        }
        let bundle = match self.library.find(&text.value, place) {
            Ok(bundle) => bundle,
            Err(Missing::NotFound) => {
                decoder.no_such_pack(text);
                return Base::Missing;
            }
            Err(Missing::Unreadable(found)) => {
                let source = Arc::clone(&decoder.source);
                decoder
                    .diagnostics
                    .extend(found.into_iter().map(|it| it.at(&source, at.clone(), "extended here")));
                return Base::Missing;
            }
        };
        if let Some(first) = self.chain.iter().position(|step| step.place == bundle.place) {
            decoder.diagnostics.push(cycle(self.chain.get(first..).unwrap_or_default()));
            return Base::Missing;
        }
        if self.chain.len() >= MAX_CHAIN {
            decoder.error(at, format!("more than {MAX_CHAIN} packs extend one another"), "one too many");
            return Base::Missing;
        }
        match self.load_here(bundle) {
            Ok(pack) => Base::Pack(Box::new(pack)),
            Err(found) => Base::Mistaken(found),
        }
    }
}

/// Loads a pack that extends at most built-in ones.
pub(super) fn load(files: Vec<Source>) -> Loaded {
    let place = Place::Folder(PathBuf::new());
    Loader::new(&BuiltIn).load(Bundle { place, files, frameworks: Vec::new() })
}

/// Every pack in the binary, sorted by id; all mistakes of all packs at once.
pub fn built_in_packs() -> Result<Vec<Pack>, Vec<Diagnostic>> {
    let mut loader = Loader::new(&BuiltIn);
    let (mut packs, mut mistakes) = (Vec::new(), Vec::new());
    for id in builtin_ids() {
        match BuiltIn.find(id, &Place::BuiltIn(id.to_owned())) {
            Ok(bundle) => match loader.load(bundle) {
                Ok(pack) => packs.push(pack),
                Err(found) => mistakes.extend(found),
            },
            Err(_) => mistakes.push(Diagnostic::error(format!("the built-in pack `{id}` is not there"))),
        }
    }
    if mistakes.is_empty() { Ok(packs) } else { Err(in_order(mistakes)) }
}

fn in_order(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut distinct: Vec<Diagnostic> = Vec::new();
    for diagnostic in diagnostics {
        if !distinct.contains(&diagnostic) {
            distinct.push(diagnostic);
        }
    }
    distinct.sort_by_cached_key(Diagnostic::order);
    distinct
}

/// The steps of a chain that ends where it began.
fn cycle(steps: &[Step]) -> Diagnostic {
    let first = steps.first().map_or("", |step| step.id.as_str());
    let names: Vec<&str> = steps.iter().map(|step| step.id.as_str()).chain([first]).collect();
    let mut diagnostic = Diagnostic::error(format!("packs extend each other: {}", names.join(" → ")));
    for step in steps.iter().rev() {
        let span = super::place::place(
            &step.source.text,
            &step.extends.span,
            &step.extends.value,
            &(0..step.extends.value.len()),
        );
        diagnostic = diagnostic.at(&step.source, span, format!("`{}` extends it here", step.id));
    }
    diagnostic.help("put what they share into a pack of its own")
}

impl Decoder {
    fn no_such_pack(&mut self, text: &Text) {
        let at = self.inside(text, &(0..text.value.len()));
        let ids = builtin_ids();
        let help = match closest(&text.value, ids.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!(
                "name a folder from the folder of this file, or a built-in pack: {}",
                super::decode::quoted(&ids)
            ),
        };
        let diagnostic = Diagnostic::error(format!("there is no pack `{}`", text.value));
        self.report(diagnostic.at(&self.source.clone(), at, "no built-in pack, and no folder").help(help));
    }
}
