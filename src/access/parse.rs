//! From the text of a policy document to its statements.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>

use std::fmt;

use super::condition::Condition;
use super::document::{Document, Effect, Matcher, Statement};
use super::glob::Pattern;
use super::json::Json;
use super::principal::{Principals, Who};
use super::words::quoted;

/// Longer texts are not read; AWS takes 32 KB at most (a key policy).
const LONGEST: usize = 128 * 1024;

/// Why a text is no policy document that could be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError(String);

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ParseError {}

impl Document {
    /// Reads a policy document.
    ///
    /// A text that is no policy at all is an error. A statement with a part that was not understood is kept: what the rest of it
    /// rules out, it does not affect; every other question it leaves open.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        if text.len() > LONGEST {
            let kilobytes = text.len() / 1024;
            return Err(ParseError(format!("it has {kilobytes} KB; no policy of AWS is longer than 32 KB")));
        }
        let json: Json = serde_json::from_str(text)
            .map_err(|error| ParseError(format!("it is no JSON that could be read: {error}")))?;
        let Json::Object(members) = json else { return Err(ParseError("it is no JSON object".to_owned())) };
        let mut statements = None;
        let mut has_variables = false;
        for (name, value) in &members {
            match (name.as_str(), value) {
                ("Version", Json::Text(version)) if version == "2012-10-17" => has_variables = true,
                ("Version", Json::Text(version)) if version == "2008-10-17" => {}
                ("Version", _) => return Err(ParseError("its Version is none that AWS has".to_owned())),
                ("Id", _) => {}
                ("Statement", Json::List(items)) => statements = Some(items.as_slice()),
                ("Statement", one @ Json::Object(_)) => statements = Some(std::slice::from_ref(one)),
                ("Statement", _) => {
                    return Err(ParseError("its Statement is neither object nor list".to_owned()));
                }
                (name, _) => return Err(ParseError(format!("it has an unknown element {}", quoted(name)))),
            }
        }
        let items = statements.ok_or_else(|| ParseError("it has no Statement".to_owned()))?;
        let statements = items.iter().zip(1..).map(|(item, number)| read(item, number, has_variables));
        Ok(Self { statements: statements.collect::<Result<_, _>>()? })
    }
}

fn read(item: &Json, number: usize, has_variables: bool) -> Result<Statement, ParseError> {
    let Json::Object(members) = item else {
        return Err(ParseError(format!("statement {number} is no object")));
    };
    let mut draft = Draft::new(number, has_variables);
    for (name, value) in members {
        draft.take(name, value);
    }
    Ok(draft.finish())
}

/// A statement while its elements are read.
struct Draft {
    statement: Statement,
    has_variables: bool,
    seen: [Vec<&'static str>; 3],
}

impl Draft {
    fn new(number: usize, has_variables: bool) -> Self {
        let statement = Statement {
            number,
            sid: None,
            effect: None,
            principals: Some(Principals::Attached),
            actions: None,
            resources: None,
            conditions: Vec::new(),
            unclear: Vec::new(),
            has_unknown_limits: false,
        };
        Self { statement, has_variables, seen: Default::default() }
    }

    fn take(&mut self, name: &str, value: &Json) {
        match name {
            "Sid" => {
                if let Json::Text(sid) = value {
                    self.statement.sid = Some(sid.clone());
                }
            }
            "Effect" => self.take_effect(value),
            "Principal" | "NotPrincipal" => self.take_principals(name, value),
            "Action" => self.take_actions("Action", value),
            "NotAction" => self.take_actions("NotAction", value),
            "Resource" => self.take_resources("Resource", value),
            "NotResource" => self.take_resources("NotResource", value),
            "Condition" => self.take_conditions(value),
            name => {
                self.note(format!("the element {} is unknown", quoted(name)));
                self.statement.has_unknown_limits = true;
            }
        }
    }

    fn take_effect(&mut self, value: &Json) {
        self.statement.effect = match value {
            Json::Text(text) if text == "Allow" => Some(Effect::Allow),
            Json::Text(text) if text == "Deny" => Some(Effect::Deny),
            _ => None,
        };
        if self.statement.effect.is_none() {
            self.note(format!("the Effect {} is unknown", show(value)));
        }
    }

    fn take_principals(&mut self, name: &str, value: &Json) {
        self.seen[0].push(if name == "Principal" { "Principal" } else { "NotPrincipal" });
        let named = principals(value);
        if let Err(what) = &named {
            self.note(format!("{name} {what} was not understood"));
        }
        let wrap = if name == "Principal" { Principals::Only } else { Principals::AllBut };
        self.statement.principals = named.ok().map(wrap);
    }

    fn take_actions(&mut self, name: &'static str, value: &Json) {
        self.seen[1].push(name);
        let texts = value.texts().filter(|texts| !texts.is_empty());
        let is_readable = |texts: &[&str]| {
            texts.iter().all(|text| !text.contains("${") && (*text == "*" || text.contains(':')))
        };
        let texts = texts.filter(|texts| is_readable(texts));
        if texts.is_none() {
            self.note(format!("{name} {} was not understood", show(value)));
        }
        self.statement.actions = texts.map(|texts| Matcher {
            patterns: texts.iter().map(|text| Pattern::glob(text).lowercase()).collect(),
            is_negated: name == "NotAction",
        });
    }

    fn take_resources(&mut self, name: &'static str, value: &Json) {
        self.seen[2].push(name);
        let texts = value.texts().filter(|texts| !texts.is_empty());
        if texts.is_none() {
            self.note(format!("{name} {} was not understood", show(value)));
        }
        let has_variables = self.has_variables;
        let pattern = |text: &&str| {
            if has_variables { Pattern::with_variables(text, true) } else { Pattern::glob(text) }
        };
        for text in texts.iter().flatten().filter(|text| has_variables && has_open_variable(text)) {
            self.note(format!("what {name} {} stands for depends on the request", quoted(text)));
        }
        self.statement.resources = texts.map(|texts| Matcher {
            patterns: texts.iter().map(pattern).collect(),
            is_negated: name == "NotResource",
        });
    }

    fn take_conditions(&mut self, value: &Json) {
        let Json::Object(operators) = value else {
            return self.lose_condition(&show(value));
        };
        for (operator, keys) in operators {
            let Json::Object(keys) = keys else {
                self.lose_condition(&quoted(operator));
                continue;
            };
            for (key, values) in keys {
                let texts = values.texts().filter(|texts| !texts.is_empty());
                for text in
                    texts.iter().flatten().filter(|text| self.has_variables && has_open_variable(text))
                {
                    let what = format!("what {} stands for depends on the request", quoted(text));
                    self.statement.unclear.push(what);
                }
                let condition =
                    texts.and_then(|texts| Condition::new(operator, key, &texts, self.has_variables));
                match condition {
                    Some(condition) => self.statement.conditions.push(condition),
                    None => self.lose_condition(&format!("{} of {}", quoted(operator), quoted(key))),
                }
            }
        }
    }

    fn lose_condition(&mut self, what: &str) {
        self.note(format!("the condition {what} was not understood"));
        self.statement.has_unknown_limits = true;
    }

    fn note(&mut self, what: String) {
        self.statement.unclear.push(what);
    }

    fn finish(mut self) -> Statement {
        if self.statement.effect.is_none()
            && self.statement.unclear.iter().all(|what| !what.contains("Effect"))
        {
            self.note("it has no Effect".to_owned());
        }
        let [principals, actions, resources] = self.seen.clone();
        if principals.len() > 1 {
            self.note("it has both Principal and NotPrincipal".to_owned());
            self.statement.principals = None;
        }
        for (names, what) in [(&actions, "Action"), (&resources, "Resource")] {
            match names.len() {
                0 => self.note(format!("it has no {what}")),
                1 => {}
                _ => self.note(format!("it has both {what} and Not{what}")),
            }
        }
        if actions.len() > 1 {
            self.statement.actions = None;
        }
        if resources.len() > 1 {
            self.statement.resources = None;
        }
        self.statement
    }
}

/// `"*"`, or kinds with one or several values each; the error quotes what was not understood.
fn principals(value: &Json) -> Result<Vec<Who>, String> {
    let kinds = match value {
        Json::Text(text) if text == "*" => return Ok(vec![Who::Anyone]),
        Json::Object(kinds) if !kinds.is_empty() => kinds,
        other => return Err(show(other)),
    };
    let mut named = Vec::new();
    for (kind, values) in kinds {
        let texts = values.texts().ok_or_else(|| quoted(kind))?;
        for text in texts {
            let is_plain = !text.is_empty() && !text.contains(['*', '?', '$']);
            let who = match (kind.as_str(), text) {
                ("AWS", text) => Who::aws(text),
                ("Service", "*") => Some(Who::AnyService),
                ("Service", text) if is_plain => Some(Who::Service(text.to_owned())),
                ("Federated", text) if is_plain => Some(Who::Federated(text.to_owned())),
                ("CanonicalUser", text) if is_plain => Some(Who::Canonical(text.to_owned())),
                _ => None,
            };
            named.push(who.ok_or_else(|| format!("{} {}", quoted(kind), quoted(text)))?);
        }
    }
    Ok(named)
}

/// It holds a policy variable other than an escaped letter.
fn has_open_variable(text: &str) -> bool {
    text.split("${").skip(1).any(|rest| !["*}", "?}", "$}"].iter().any(|letter| rest.starts_with(letter)))
}

/// The value in quotation marks, or what kind of value it is.
fn show(value: &Json) -> String {
    match value {
        Json::Text(text) => quoted(text),
        Json::List(items) => match items.iter().find(|item| !matches!(item, Json::Text(_))) {
            _ if items.is_empty() => "with an empty list".to_owned(),
            Some(_) => "with something else than strings".to_owned(),
            None => value.texts().map_or_else(String::new, |texts| quoted(&texts.join(", "))),
        },
        Json::Null => "null".to_owned(),
        Json::Object(_) => "with an object".to_owned(),
    }
}
