//! `all`, `exists`, `exists_one`, `map` and `filter` inside a leaf: over complete lists only, evaluated by CEL.

use cel::IdedExpr;
use cel::common::ast::{CallExpr, ComprehensionExpr, Expr};

use super::Mistake;
use super::check::{Checker, Macro, Variable, recognise};
use super::leaf::{Builder, Form, Resolved};
use super::node::Root;
use super::types::Ty;

impl<'a> Checker<'a> {
    pub(super) fn comprehension(
        &mut self,
        e: &IdedExpr,
        comprehension: &ComprehensionExpr,
        leaf: &mut Builder,
    ) -> Option<Resolved<'a>> {
        let range = self.resolve(&comprehension.iter_range, leaf)?;
        let Ty::List { item, .. } = &range.ty else {
            let title = format!("{} has no elements to ask", range.ty.article());
            return self.refuse(Mistake::new(self.whole(&comprehension.iter_range), title));
        };
        let name = self.places.snippet(&self.places.function(e)).to_owned();
        self.refuse_incomplete(&comprehension.iter_range, &range.ty, &name)?;
        let item = item.as_ref().map_or(Ty::Text, |item| (**item).clone());
        let path = match &range.form {
            Form::Chain(chain) if chain.root != Root::Parameters => Some(chain.path.clone()),
            Form::Cel(_, path) => path.clone(),
            Form::Chain(_) => None,
        };
        let iter_var = comprehension.iter_var.clone();
        let element = path.as_ref().map(|path| format!("{path}[]"));
        let variable = Variable { name: iter_var, ty: item.clone(), path: element, root: None };
        let mut made = comprehension.clone();
        made.iter_range = self.finish(range, leaf);
        let (ty, keeps_path) =
            self.bound(variable, e, |checker| checker.loop_step(comprehension, &mut made, item, leaf))?;
        let expr = Expr::Comprehension(Box::new(made));
        Some(Resolved { ty, form: Form::Cel(IdedExpr { id: e.id, expr }, path.filter(|_| keeps_path)) })
    }

    /// Rewrites the step of a loop; gives the type of the result and whether its elements are those of the list.
    fn loop_step(
        &mut self,
        from: &ComprehensionExpr,
        into: &mut ComprehensionExpr,
        item: Ty<'a>,
        leaf: &mut Builder,
    ) -> Option<(Ty<'a>, bool)> {
        let Expr::Call(step) = &mut into.loop_step.expr else { return None };
        match recognise(from)? {
            Macro::All(body) | Macro::Exists(body) => {
                *step.args.get_mut(1)? = self.truth(body, leaf)?;
                Some((Ty::Bool, false))
            }
            Macro::ExistsOne(body) => {
                *step.args.get_mut(0)? = self.truth(body, leaf)?;
                Some((Ty::Bool, false))
            }
            Macro::Collect(condition, collected) => {
                let is_filter = matches!(&collected.expr, Expr::Ident(name) if *name == from.iter_var);
                if let Some(condition) = condition {
                    *step.args.get_mut(0)? = self.truth(condition, leaf)?;
                }
                if is_filter {
                    return Some((Ty::list(Some(item)), true));
                }
                let made = self.resolve(collected, leaf)?;
                self.refuse_incomplete(collected, &made.ty, "map")?;
                if !made.ty.is_plain() {
                    let title = "`map` cannot collect records: name a field of the element";
                    return self.refuse(Mistake::new(self.whole(collected), title));
                }
                let ty = Ty::list(Some(made.ty.clone()));
                let made = self.finish(made, leaf);
                let add = if condition.is_some() { call_mut(step.args.get_mut(1)?)? } else { step };
                let Expr::List(list) = &mut add.args.get_mut(1)?.expr else { return None };
                *list.elements.get_mut(0)? = made;
                Some((ty, false))
            }
        }
    }

    fn truth(&mut self, e: &IdedExpr, leaf: &mut Builder) -> Option<IdedExpr> {
        let resolved = self.resolve(e, leaf)?;
        if resolved.ty != Ty::Bool {
            let title = format!("a condition is needed here, this is {}", resolved.ty.article());
            return self.refuse(Mistake::new(self.whole(e), title).label("neither true nor false"));
        }
        Some(self.finish(resolved, leaf))
    }
}

fn call_mut(e: &mut IdedExpr) -> Option<&mut CallExpr> {
    match &mut e.expr {
        Expr::Call(call) => Some(call),
        _ => None,
    }
}
