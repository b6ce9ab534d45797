//! Types and rewrites the parts of an expression that CEL evaluates: every chain of facts becomes a variable of its own.

use cel::common::ast::{CallExpr, Expr, ListExpr, LiteralValue, SelectExpr, operators};
use cel::{Context, IdedExpr, Value};

use super::check::{Checker, is_operator};
use super::node::Chain;
use super::operators::{self as table, Refusal};
use super::types::Ty;
use super::{Mistake, NO_PARAMETER};
use crate::diagnostic::{closest, quoted};

/// What a leaf collects while it is built.
#[derive(Default)]
pub(super) struct Builder {
    pub(super) chains: Vec<Chain>,
    pub(super) elements: Vec<String>,
    pub(super) has_lists: bool,
}

/// A typed sub-expression.
pub(super) struct Resolved<'a> {
    pub(super) ty: Ty<'a>,
    pub(super) form: Form,
}

/// How a sub-expression gets its value.
pub(super) enum Form {
    /// From the record or the parameters.
    Chain(Chain),
    /// From CEL; the path names the fact that it, or its elements, came from.
    Cel(IdedExpr, Option<String>),
}

impl<'a> Checker<'a> {
    pub(super) fn resolve(&mut self, e: &IdedExpr, leaf: &mut Builder) -> Option<Resolved<'a>> {
        self.deeper(e, |checker| checker.resolve_inside(e, leaf))
    }

    fn resolve_inside(&mut self, e: &IdedExpr, leaf: &mut Builder) -> Option<Resolved<'a>> {
        let cel = |ty, ast, path| Some(Resolved { ty, form: Form::Cel(ast, path) });
        match &e.expr {
            Expr::Literal(literal) => cel(self.literal(e, literal)?, e.clone(), None),
            Expr::Ident(name) => self.variable(e, name),
            Expr::Select(select) => self.select(e, select, leaf),
            Expr::Call(call) => self.call(e, call, leaf),
            Expr::List(list) => {
                let (ty, ast) = self.list(e, list, leaf)?;
                cel(ty, ast, None)
            }
            Expr::Comprehension(comprehension) => self.comprehension(e, comprehension, leaf),
            Expr::Map(_) | Expr::Struct(_) | Expr::Unspecified => {
                let title = "maps and messages cannot be written in expressions";
                self.refuse(Mistake::new(self.places.token(e), title))
            }
        }
    }

    /// The expression as CEL gets it; a chain becomes a variable.
    pub(super) fn finish(&mut self, resolved: Resolved<'a>, leaf: &mut Builder) -> IdedExpr {
        leaf.has_lists |= matches!(resolved.ty, Ty::List { .. } | Ty::Record(_));
        match resolved.form {
            Form::Cel(ast, _) => ast,
            Form::Chain(chain) => {
                self.note_read(&chain);
                let at = leaf.chains.iter().position(|known| *known == chain).unwrap_or_else(|| {
                    leaf.chains.push(chain);
                    leaf.chains.len() - 1
                });
                IdedExpr { id: 0, expr: Expr::Ident(format!("@{at}")) }
            }
        }
    }

    fn literal(&mut self, e: &IdedExpr, literal: &LiteralValue) -> Option<Ty<'a>> {
        let what = match literal {
            LiteralValue::Boolean(_) => return Some(Ty::Bool),
            LiteralValue::Int(_) => return Some(Ty::Int),
            LiteralValue::String(_) => return Some(Ty::Text),
            LiteralValue::Double(_) => "fractions",
            LiteralValue::UInt(_) => "unsigned numbers",
            LiteralValue::Bytes(_) => "bytes",
            LiteralValue::Null => "null",
        };
        let title = format!("{what} cannot be used: facts are bools, ints, strings, lists and records");
        self.refuse(Mistake::new(self.places.token(e), title))
    }

    fn variable(&mut self, e: &IdedExpr, name: &str) -> Option<Resolved<'a>> {
        if let Some(variable) = self.scope.iter().rev().find(|variable| variable.name == name) {
            let (ty, path) = (variable.ty.clone(), variable.path.clone());
            let form = match variable.root {
                Some(root) => Form::Chain(Chain { root, fields: Vec::new(), path: path.unwrap_or_default() }),
                None => Form::Cel(e.clone(), path),
            };
            return Some(Resolved { ty, form });
        }
        let known: Vec<&str> = self.scope.iter().rev().map(|variable| variable.name.as_str()).collect();
        let of_subject = known.iter().any(|variable| {
            let ty = self.scope.iter().find(|known| known.name == *variable).map(|known| &known.ty);
            matches!(ty, Some(Ty::Record(record)) if *variable != "parameters" && record.fields.contains_key(name))
        });
        let truth = ["true", "false"].into_iter().find(|truth| name.eq_ignore_ascii_case(truth));
        let help = match closest(name, known.iter().copied()) {
            _ if truth.is_some() => format!("write `{}`", truth.unwrap_or_default()),
            _ if of_subject => {
                format!("did you mean `{}.{name}`?", known.last().map_or("", |_| self.subject_name()))
            }
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("variables here: {}", quoted(&known)),
        };
        let mistake =
            Mistake::new(self.places.token(e), format!("there is no variable `{name}` here")).help(help);
        self.refuse(mistake.label("unknown variable"))
    }

    fn subject_name(&self) -> &str {
        self.scope.get(1).map_or("", |subject| subject.name.as_str())
    }

    fn select(&mut self, e: &IdedExpr, select: &SelectExpr, leaf: &mut Builder) -> Option<Resolved<'a>> {
        let operand = self.resolve(&select.operand, leaf)?;
        let name = &select.field;
        let Ty::Record(record) = operand.ty else {
            let title = format!("{} has no fields", operand.ty.article());
            let mistake = Mistake::new(self.places.field(e), title);
            let is_list = matches!(operand.ty, Ty::List { .. });
            return self.refuse(if is_list {
                mistake.help("ask its elements: `x.all(e, e.field)`")
            } else {
                mistake
            });
        };
        if select.test {
            let title = format!("`has` cannot be asked about `{name}`: every fact is declared");
            let help = "a fact that is not known makes the verdict unknown by itself; leave `has` out";
            return self.refuse(Mistake::new(self.places.function(e), title).help(help));
        }
        let Some((name, field)) = record.fields.get_key_value(name).filter(|_| !name.starts_with("__"))
        else {
            return self.unknown_field(e, select, record);
        };
        if field.is_for_messages {
            let title = format!("`{name}` is for messages: it tells what was seen, which may not be all");
            return self.refuse(
                Mistake::new(self.places.field(e), title)
                    .help("judge by another fact; see the fact reference"),
            );
        }
        let extend = |path: String| if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let form = match operand.form {
            Form::Chain(mut chain) => {
                chain.fields.push(name.clone());
                chain.path = if chain.root == super::node::Root::Parameters {
                    String::new()
                } else {
                    extend(chain.path)
                };
                Form::Chain(chain)
            }
            Form::Cel(operand, path) => {
                let path = path.map(extend);
                self.reads.extend(path.clone());
                leaf.elements.extend(path.clone());
                let expr =
                    Expr::Select(SelectExpr { operand: Box::new(operand), field: name.clone(), test: false });
                Form::Cel(IdedExpr { id: e.id, expr }, path)
            }
        };
        Some(Resolved { ty: Ty::of(&field.ty), form })
    }

    fn unknown_field(
        &mut self,
        e: &IdedExpr,
        select: &SelectExpr,
        record: &'a crate::facts::schema::RecordType,
    ) -> Option<Resolved<'a>> {
        let name = &select.field;
        let of = self.places.snippet(&self.whole(&select.operand)).to_owned();
        let title = if of == "parameters" {
            format!("{NO_PARAMETER} `{name}`")
        } else {
            format!("there is no fact `{name}` in `{of}`")
        };
        let names: Vec<&str> = record.fields.keys().map(String::as_str).collect();
        let help = match closest(name, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if names.is_empty() => "declare it under `parameters`".to_owned(),
            None => format!("there are: {}", quoted(&names)),
        };
        self.refuse(Mistake::new(self.places.field(e), title).label("unknown").help(help))
    }

    fn call(&mut self, e: &IdedExpr, call: &CallExpr, leaf: &mut Builder) -> Option<Resolved<'a>> {
        let name = call.func_name.as_str();
        let is_known = table::NAMES.contains(&name) || is_operator(name);
        if !is_known {
            return self.unknown_function(e, name);
        }
        if call.target.is_some() && ["all", "exists", "exists_one", "map", "filter"].contains(&name) {
            let title =
                format!("`{name}` takes a name for the element and an expression: `list.{name}(x, …)`");
            return self.refuse(Mistake::new(self.places.function(e), title));
        }
        let form = if call.target.is_some() { table::Form::Method } else { table::Form::Global };
        let parts: Vec<&IdedExpr> = call.target.iter().map(|target| &**target).chain(&call.args).collect();
        let resolved: Vec<Option<Resolved<'a>>> = parts.iter().map(|part| self.resolve(part, leaf)).collect();
        let resolved: Vec<Resolved<'a>> = resolved.into_iter().collect::<Option<_>>()?;
        for (part, operand) in parts.iter().zip(&resolved) {
            self.refuse_incomplete(part, &operand.ty, table::written(name))?;
        }
        let types: Vec<Ty<'a>> = resolved.iter().map(|operand| operand.ty.clone()).collect();
        let ty = if name == operators::CONDITIONAL {
            conditional(types.clone())
        } else {
            table::result(name, form, types.clone())
        };
        let ty = match ty {
            Ok(ty) => ty,
            Err(Refusal::Unknown) => return self.unknown_function(e, name),
            Err(Refusal::Operands(takes)) => return self.wrong_operands(e, name, takes, &types),
        };
        if name == "matches" {
            self.check_pattern(call.args.first())?;
        }
        let path = match resolved.first().map(|first| &first.form) {
            Some(Form::Chain(chain)) if name == operators::INDEX => Some(format!("{}[]", chain.path)),
            Some(Form::Cel(_, Some(path))) if name == operators::INDEX => Some(format!("{path}[]")),
            _ => None,
        };
        let mut args: Vec<IdedExpr> = resolved.into_iter().map(|part| self.finish(part, leaf)).collect();
        let target = call.target.is_some().then(|| Box::new(args.remove(0)));
        let expr = Expr::Call(CallExpr { func_name: call.func_name.clone(), target, args });
        Some(Resolved { ty, form: Form::Cel(IdedExpr { id: e.id, expr }, path) })
    }

    fn unknown_function<T>(&mut self, e: &IdedExpr, name: &str) -> Option<T> {
        let help = match closest(name, table::NAMES) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("functions: {}", quoted(&table::NAMES)),
        };
        let span = if is_operator(name) { self.places.token(e) } else { self.places.function(e) };
        let title = format!("there is no function `{}`", table::written(name));
        self.refuse(Mistake::new(span, title).label("unknown function").help(help))
    }

    fn wrong_operands<T>(&mut self, e: &IdedExpr, name: &str, takes: &str, types: &[Ty<'a>]) -> Option<T> {
        let found: Vec<String> = types.iter().map(ToString::to_string).collect();
        let span = if is_operator(name) { self.places.token(e) } else { self.places.function(e) };
        let title = format!("`{}` takes {takes}", table::written(name));
        self.refuse(Mistake::new(span, title).label(format!("found {}", found.join(" and "))))
    }

    pub(super) fn refuse_incomplete(&mut self, e: &IdedExpr, ty: &Ty<'a>, user: &str) -> Option<()> {
        if !ty.is_incomplete() {
            return Some(());
        }
        let span = self.whole(e);
        let title = format!(
            "`{user}` cannot be used on `{}`: the list may be incomplete",
            self.places.snippet(&span)
        );
        let help = "ask `all` or `exists` of it, joined with `&&`, `||`, `!` and `?:` only: they know what may be missing";
        self.refuse(Mistake::new(span, title).label("elements may be missing").help(help))
    }

    fn check_pattern(&mut self, pattern: Option<&IdedExpr>) -> Option<()> {
        let Some(pattern @ IdedExpr { expr: Expr::Literal(_), .. }) = pattern else { return Some(()) };
        let empty = IdedExpr { id: 0, expr: Expr::Literal(LiteralValue::String("".into())) };
        let call = CallExpr {
            func_name: "matches".to_owned(),
            target: Some(Box::new(empty)),
            args: vec![pattern.clone()],
        };
        let Err(error) = Value::resolve(&IdedExpr { id: 0, expr: Expr::Call(call) }, &Context::default())
        else {
            return Some(());
        };
        let error = error.to_string();
        let reason =
            error.lines().rev().find_map(|line| line.trim().strip_prefix("error: ")).unwrap_or("not valid");
        let title = format!("not a regular expression: {reason}");
        self.refuse(Mistake::new(self.places.token(pattern), title))
    }

    fn list(&mut self, e: &IdedExpr, list: &ListExpr, leaf: &mut Builder) -> Option<(Ty<'a>, IdedExpr)> {
        let mut item: Option<Ty<'a>> = None;
        let mut elements = Vec::new();
        for element in &list.elements {
            let resolved = self.resolve(element, leaf)?;
            self.refuse_incomplete(element, &resolved.ty, "[ ]")?;
            let ty = resolved.ty.clone();
            let common = match item {
                Some(item) => item.common(ty.clone()),
                None => Some(ty.clone()),
            };
            let Some(common) = common.filter(Ty::is_plain) else {
                let title = format!(
                    "{} cannot be in this list: elements are bools, ints or strings of one type",
                    ty.article()
                );
                return self.refuse(Mistake::new(self.whole(element), title));
            };
            item = Some(common);
            elements.push(self.finish(resolved, leaf));
        }
        Some((Ty::list(item), IdedExpr { id: e.id, expr: Expr::List(ListExpr::new(elements)) }))
    }
}

fn conditional(types: Vec<Ty<'_>>) -> Result<Ty<'_>, Refusal> {
    let mut types = types.into_iter();
    match (types.next(), types.next(), types.next()) {
        (Some(Ty::Bool), Some(a), Some(b)) => {
            a.common(b).filter(Ty::is_plain).ok_or(Refusal::Operands("a bool and two values of one type"))
        }
        _ => Err(Refusal::Operands("a bool and two values of one type")),
    }
}
