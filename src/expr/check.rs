//! Checks a syntax tree against the vocabulary and splits it into three-valued logic and leaves.

use std::ops::Range;

use cel::IdedExpr;
use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, LiteralValue, operators};
use regex::Regex;

use super::leaf::{Builder, Form, Resolved};
use super::node::{Chain, Leaf, Node, Quantifier, Root};
use super::operators as table;
use super::parse::Places;
use super::types::Ty;
use super::{MAX_DEPTH, Mistake, Vocabulary};

/// The expression has another form than the one asked for.
struct OtherForm;

/// One pass over a syntax tree.
pub(super) struct Checker<'a> {
    pub(super) places: &'a Places,
    pub(super) scope: Vec<Variable<'a>>,
    pub(super) mistakes: Vec<Mistake>,
    pub(super) reads: Vec<String>,
    pub(super) parameters: Vec<String>,
    depth: usize,
    /// Quantifiers that the place being checked is inside of.
    pub(super) quantifiers: usize,
}

/// A name that can be used.
#[derive(Clone)]
pub(super) struct Variable<'a> {
    pub(super) name: String,
    pub(super) ty: Ty<'a>,
    /// Path of the records it stands for; `None` when it is no fact.
    pub(super) path: Option<String>,
    /// `None`: bound by CEL inside a leaf.
    pub(super) root: Option<Root>,
}

/// A macro, recognised in the comprehension it was expanded to.
pub(super) enum Macro<'e> {
    All(&'e IdedExpr),
    Exists(&'e IdedExpr),
    ExistsOne(&'e IdedExpr),
    /// `map` and `filter`: an optional condition and what is collected.
    Collect(Option<&'e IdedExpr>, &'e IdedExpr),
}

impl<'a> Checker<'a> {
    pub(super) fn new(vocabulary: Vocabulary<'a>, places: &'a Places) -> Self {
        let variable = |name: &str, record, path, root| Variable {
            name: name.to_owned(),
            ty: Ty::Record(record),
            path,
            root: Some(root),
        };
        let scope = vec![
            variable("parameters", vocabulary.parameters, None, Root::Parameters),
            variable(vocabulary.subject, vocabulary.record, Some(String::new()), Root::Subject),
        ];
        let (mistakes, reads, parameters) = (Vec::new(), Vec::new(), Vec::new());
        Self { places, scope, mistakes, reads, parameters, depth: 0, quantifiers: 0 }
    }

    /// Compiles an expression that must be true or false.
    pub(super) fn condition(&mut self, e: &IdedExpr) -> Option<Node> {
        self.deeper(e, |checker| checker.condition_inside(e))
    }

    /// Runs `f` one level deeper, within the limit.
    pub(super) fn deeper<T>(&mut self, e: &IdedExpr, f: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            let title = format!("the expression is nested more than {MAX_DEPTH} levels deep");
            return self.refuse(Mistake::new(self.places.token(e), title).help("split the rule in two"));
        }
        self.depth += 1;
        let result = f(self);
        self.depth -= 1;
        result
    }

    pub(super) fn refuse<T>(&mut self, mistake: Mistake) -> Option<T> {
        self.mistakes.push(mistake);
        None
    }

    fn condition_inside(&mut self, e: &IdedExpr) -> Option<Node> {
        match &e.expr {
            Expr::Literal(LiteralValue::Boolean(value)) => return Some(Node::Constant(*value.inner())),
            Expr::Call(call) => {
                if let Ok(node) = self.connective(call) {
                    return node;
                }
            }
            Expr::Comprehension(comprehension) => {
                if let Ok(node) = self.quantifier(comprehension) {
                    return node;
                }
            }
            _ => {}
        }
        self.leaf(e)
    }

    /// A logical connective of truth values.
    fn connective(&mut self, call: &CallExpr) -> Result<Option<Node>, OtherForm> {
        if call.target.is_some() {
            return Err(OtherForm);
        }
        match (call.func_name.as_str(), call.args.as_slice()) {
            (operators::LOGICAL_NOT, [inner]) => {
                Ok(self.condition(inner).map(|node| Node::Not(Box::new(node))))
            }
            (operators::LOGICAL_AND, [left, right]) => Ok(self.both(left, right, Node::And)),
            (operators::LOGICAL_OR, [left, right]) => Ok(self.both(left, right, Node::Or)),
            (operators::CONDITIONAL, [condition, then, otherwise]) => {
                let condition = self.condition(condition);
                let both = self.both(then, otherwise, |then, otherwise| Node::Same {
                    left: then,
                    right: otherwise,
                    negated: false,
                });
                Ok(match (condition, both) {
                    (Some(condition), Some(Node::Same { left, right, .. })) => {
                        Some(Node::If(Box::new(condition), left, right))
                    }
                    _ => None,
                })
            }
            (name @ (operators::EQUALS | operators::NOT_EQUALS), [left, right]) => {
                let negated = name == operators::NOT_EQUALS;
                let is_logic = [left, right].into_iter().any(|side| self.is_logical(side));
                if is_logic {
                    Ok(self.both(left, right, |left, right| Node::Same { left, right, negated }))
                } else {
                    Err(OtherForm)
                }
            }
            _ => Err(OtherForm),
        }
    }

    fn both(
        &mut self,
        left: &IdedExpr,
        right: &IdedExpr,
        join: impl FnOnce(Box<Node>, Box<Node>) -> Node,
    ) -> Option<Node> {
        let (left, right) = (self.condition(left), self.condition(right));
        Some(join(Box::new(left?), Box::new(right?)))
    }

    /// Whether an expression is true or false, told by its form and its facts, without complaints and traces.
    pub(super) fn is_logical(&mut self, e: &IdedExpr) -> bool {
        match &e.expr {
            Expr::Literal(literal) => matches!(literal, LiteralValue::Boolean(_)),
            Expr::Call(call) => match (call.func_name.as_str(), call.args.as_slice()) {
                (operators::CONDITIONAL, [_, then, otherwise]) => {
                    self.is_logical(then) || self.is_logical(otherwise)
                }
                (name, _) => table::is_condition(name),
            },
            Expr::Comprehension(comprehension) => {
                matches!(
                    recognise(comprehension),
                    Some(Macro::All(_) | Macro::Exists(_) | Macro::ExistsOne(_))
                )
            }
            Expr::Ident(_) | Expr::Select(_) => {
                let before = (self.mistakes.len(), self.reads.len());
                let ty = self.resolve(e, &mut Builder::default()).map(|resolved| resolved.ty);
                self.mistakes.truncate(before.0);
                self.reads.truncate(before.1);
                ty == Some(Ty::Bool)
            }
            _ => false,
        }
    }

    /// `all` or `exists` over a fact that is a list.
    fn quantifier(&mut self, comprehension: &ComprehensionExpr) -> Result<Option<Node>, OtherForm> {
        let (body, is_all) = match recognise(comprehension).ok_or(OtherForm)? {
            Macro::All(body) => (body, true),
            Macro::Exists(body) => (body, false),
            _ => return Err(OtherForm),
        };
        let before = self.mistakes.len();
        let resolved = self.resolve(&comprehension.iter_range, &mut Builder::default());
        let Some(Resolved { ty: Ty::List { item, may_be_incomplete }, form: Form::Chain(list) }) = resolved
        else {
            self.mistakes.truncate(before);
            return Err(OtherForm);
        };
        self.note_read(&list);
        let variable = Variable {
            name: comprehension.iter_var.clone(),
            ty: item.map_or(Ty::Text, |item| *item),
            path: (list.root != Root::Parameters).then(|| format!("{}[]", list.path)),
            root: Some(Root::Element(self.quantifiers)),
        };
        self.quantifiers += 1;
        let body = self.bound(variable, &comprehension.iter_range, |checker| checker.condition(body));
        self.quantifiers -= 1;
        let quantifier = body.map(|body| Box::new(Quantifier { list, may_be_incomplete, body }));
        Ok(quantifier.map(if is_all { Node::Every } else { Node::Some }))
    }

    /// Runs `f` with a new variable in scope.
    pub(super) fn bound<T>(
        &mut self,
        variable: Variable<'a>,
        at: &IdedExpr,
        f: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        if self.scope.iter().any(|known| known.name == variable.name) || variable.name.starts_with("__") {
            let title = format!("`{}` cannot be the name of an element here", variable.name);
            self.mistakes
                .push(Mistake::new(self.places.token(at), title).help("use a name of its own, such as `x`"));
        }
        self.scope.push(variable);
        let result = f(self);
        self.scope.pop();
        result
    }

    /// Everything else that is true or false: CEL's business.
    fn leaf(&mut self, e: &IdedExpr) -> Option<Node> {
        let mut builder = Builder::default();
        let resolved = self.resolve(e, &mut builder)?;
        if resolved.ty != Ty::Bool {
            let help = match &resolved.ty {
                Ty::Text => "compare it, as in `x != ''`",
                Ty::Int => "compare it, as in `x > 0`",
                Ty::List { .. } => "ask `x.all(e, …)` or `x.exists(e, …)`",
                _ => "name a fact of it that is true or false",
            };
            let span = self.whole(e);
            let title = format!("a condition is needed here, this is {}", resolved.ty.article());
            return self.refuse(Mistake::new(span, title).label("neither true nor false").help(help));
        }
        if let Form::Chain(chain) = resolved.form {
            self.note_read(&chain);
            return Some(Node::Fact(chain));
        }
        let ast = self.finish(resolved, &mut builder);
        if let Some(node) = literal_pattern(&ast, &builder.chains) {
            return Some(node);
        }
        let text = self.places.snippet(&self.whole(e)).to_owned();
        Some(Node::Leaf(Leaf {
            ast,
            chains: builder.chains,
            elements: builder.elements,
            has_lists: builder.has_lists,
            text,
        }))
    }

    pub(super) fn note_read(&mut self, chain: &Chain) {
        if chain.root == Root::Parameters {
            self.parameters.extend(chain.fields.first().cloned());
        } else if !chain.path.is_empty() {
            self.reads.push(chain.path.clone());
        }
    }

    /// From the first token of an expression to its last.
    pub(super) fn whole(&self, e: &IdedExpr) -> Range<usize> {
        self.places.whole(e)
    }
}

pub(super) fn is_operator(name: &str) -> bool {
    name.starts_with(['_', '@', '!', '-'])
}

/// The macro that a comprehension was expanded from.
pub(super) fn recognise(comprehension: &ComprehensionExpr) -> Option<Macro<'_>> {
    let Expr::Call(step) = &comprehension.loop_step.expr else { return None };
    match (&comprehension.accu_init.expr, step.func_name.as_str(), step.args.as_slice()) {
        (Expr::Literal(LiteralValue::Boolean(_)), operators::LOGICAL_AND, [_, body]) => {
            Some(Macro::All(body))
        }
        (Expr::Literal(LiteralValue::Boolean(_)), operators::LOGICAL_OR, [_, body]) => {
            Some(Macro::Exists(body))
        }
        (Expr::Literal(LiteralValue::Int(_)), operators::CONDITIONAL, [body, ..]) => {
            Some(Macro::ExistsOne(body))
        }
        (Expr::List(_), operators::ADD, [_, item]) => Some(Macro::Collect(None, only_element(item)?)),
        (Expr::List(_), operators::CONDITIONAL, [condition, step, _]) => match &step.expr {
            Expr::Call(step) => Some(Macro::Collect(Some(condition), only_element(step.args.get(1)?)?)),
            _ => None,
        },
        _ => None,
    }
}

/// `fact.matches('pattern')`, with the pattern compiled; CEL would compile it for every record.
fn literal_pattern(ast: &IdedExpr, chains: &[Chain]) -> Option<Node> {
    let Expr::Call(call) = &ast.expr else { return None };
    let ("matches", Some(target), [pattern]) = (call.func_name.as_str(), &call.target, call.args.as_slice())
    else {
        return None;
    };
    let (Expr::Ident(_), Expr::Literal(LiteralValue::String(pattern)), [chain]) =
        (&target.expr, &pattern.expr, chains)
    else {
        return None;
    };
    Some(Node::Matches(chain.clone(), Regex::new(pattern.inner()).ok()?))
}

fn only_element(list: &IdedExpr) -> Option<&IdedExpr> {
    match &list.expr {
        Expr::List(list) => list.elements.first(),
        _ => None,
    }
}
