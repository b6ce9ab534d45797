//! Who asks, and whom a statement names.

use super::truth::Truth;

/// Somebody, or a set of somebodies, that a request comes from or a statement names.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// Everybody, also without credentials: `*`.
    Anyone,
    /// Every principal of an account, as far as that account's own policies let it.
    Account(String),
    /// A role, user or session, by its ARN.
    Arn(String),
    /// An AWS service, by its name.
    Service(String),
    /// Every AWS service.
    AnyService,
    /// Users of an identity provider.
    Federated(String),
    /// An account, or an origin access identity, by its canonical id.
    Canonical(String),
    /// A role or user that was deleted: AWS shows its unique id instead of an ARN.
    UniqueId(String),
}

/// The `Principal` or `NotPrincipal` of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Principals {
    /// No such element: the policy is attached to those it concerns.
    Attached,
    Only(Vec<Who>),
    AllBut(Vec<Who>),
}

impl Who {
    /// Reads a value below `AWS`; `None` for what is neither an account, an ARN, a unique id nor `*`.
    pub(super) fn aws(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self::Anyone);
        }
        if is_account(text) {
            return Some(Self::Account(text.to_owned()));
        }
        if text.starts_with("arn:") {
            let account = account_of(text)?;
            let is_literal = !text.contains(['*', '?', '$']);
            let is_root = text.ends_with(":root");
            return match (is_literal, is_root) {
                (true, true) => Some(Self::Account(account.to_owned())),
                (true, false) => Some(Self::Arn(text.to_owned())),
                (false, _) => None,
            };
        }
        let is_id = text.len() >= 16 && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
        is_id.then(|| Self::UniqueId(text.to_owned()))
    }

    /// The account it belongs to, where its name says so.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        match self {
            Self::Account(account) => Some(account),
            Self::Arn(arn) | Self::Federated(arn) => account_of(arn),
            _ => None,
        }
    }

    /// How many of `set` are among those that this names.
    fn holds(&self, set: &Self) -> Truth {
        use Who::{Account, AnyService, Anyone, Arn, Canonical, Service, UniqueId};
        match (self, set) {
            (Anyone, _) | (AnyService, Service(_)) => Truth::ALWAYS,
            (_, Anyone) | (Service(_), AnyService) => Truth::SOMETIMES,
            (Account(_), Arn(arn)) => Truth::from(self.account() == account_of(arn)),
            (Arn(_), Account(account)) if self.account() == Some(account) => Truth::SOMETIMES,
            (Arn(a), Arn(b)) => arn_holds(a, b),
            (Canonical(_) | UniqueId(_), Account(_) | Arn(_))
            | (Account(_) | Arn(_), Canonical(_) | UniqueId(_)) => Truth::UNCLEAR,
            (a, b) => Truth::from(a == b),
        }
    }
}

impl Principals {
    /// How many of `set` the element names.
    pub(super) fn hold(&self, set: &Who) -> Truth {
        match self {
            Self::Attached => Truth::ALWAYS,
            Self::Only(named) => Truth::any(named.iter().map(|who| who.holds(set))),
            Self::AllBut(spared) => !is_spared(spared, set),
        }
    }
}

/// A principal escapes a `NotPrincipal` only when its account is listed with it, and a role also with its sessions.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>
fn is_spared(spared: &[Who], set: &Who) -> Truth {
    let named = |who: &Who| spared.contains(who);
    if named(&Who::Anyone) {
        return Truth::ALWAYS;
    }
    match set {
        Who::Arn(arn) => {
            let listed =
                Truth::any(spared.iter().filter(|who| matches!(who, Who::Arn(_))).map(|who| who.holds(set)));
            let has_account = account_of(arn).is_some_and(|account| named(&Who::Account(account.to_owned())));
            let has_sessions = role_of(arn).is_some() && !arn.contains(":assumed-role/");
            if listed.is_never() || (has_account && !has_sessions) { listed } else { Truth::UNCLEAR }
        }
        // Its root user escapes.
        Who::Account(_) if named(set) => Truth::SOMETIMES,
        Who::Account(account) if spared.iter().any(|who| who.account() == Some(account)) => Truth::UNCLEAR,
        set => Truth::any(spared.iter().map(|who| who.holds(set))),
    }
}

/// A role holds its sessions; the name of a session leaves out the path of its role.
fn arn_holds(a: &str, b: &str) -> Truth {
    if a == b {
        return Truth::ALWAYS;
    }
    let same_role = account_of(a) == account_of(b) && role_of(a).is_some() && role_of(a) == role_of(b);
    match (a.contains(":assumed-role/"), b.contains(":assumed-role/")) {
        (false, true) if same_role => Truth::ALWAYS,
        (true, false) if same_role => Truth::SOMETIMES,
        _ => Truth::NEVER,
    }
}

fn role_of(arn: &str) -> Option<&str> {
    let resource = arn.splitn(6, ':').nth(5)?;
    match resource.split_once('/')? {
        ("role", path) => path.rsplit('/').next(),
        ("assumed-role", session) => session.split('/').next(),
        _ => None,
    }
}

/// Twelve digits.
pub(super) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The account id that every ARN has which a condition accepts.
///
/// Where a `*` may stand for colons, one before the account could swallow the true account: paths of IAM may hold colons.
pub(super) fn accepted_account(arn: &str, is_by_parts: bool) -> Option<&str> {
    let account = account_of(arn)?;
    let head = arn.split(':').take(4).collect::<String>();
    (is_by_parts || !head.contains('*')).then_some(account)
}

/// The account id in an ARN.
pub(super) fn account_of(arn: &str) -> Option<&str> {
    let account = arn.strip_prefix("arn:")?.split(':').nth(3)?;
    is_account(account).then_some(account)
}

#[cfg(test)]
mod tests {
    use super::{Principals, Truth, Who};

    const ROOT: &str = "arn:aws:iam::111122223333:root";
    const BOB: &str = "arn:aws:iam::111122223333:user/Bob";
    const ROLE: &str = "arn:aws:iam::111122223333:role/ops/Admin";
    const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/Admin/eve";

    fn who(text: &str) -> Who {
        Who::aws(text).unwrap()
    }

    fn all_but(spared: &[&str], set: &str) -> Truth {
        Principals::AllBut(spared.iter().map(|text| who(text)).collect()).hold(&who(set))
    }

    fn only(named: &str, set: &str) -> Truth {
        Principals::Only(vec![who(named)]).hold(&who(set))
    }

    #[test]
    fn an_account_id_and_its_root_arn_are_the_same_principal() {
        assert_eq!(who(ROOT), who("111122223333"));
    }

    #[test]
    fn an_account_holds_its_roles_and_a_role_its_sessions_but_not_the_other_way_round() {
        assert_eq!(only(ROOT, ROLE), Truth::ALWAYS);
        assert_eq!(only(ROLE, SESSION), Truth::ALWAYS);
        assert_eq!(only(SESSION, ROLE), Truth::SOMETIMES);
        assert_eq!(only(ROLE, ROOT), Truth::SOMETIMES);
        assert_eq!(only("arn:aws:iam::444455556666:root", ROLE), Truth::NEVER);
    }

    #[test]
    fn a_wildcard_inside_a_principal_arn_is_not_understood() {
        assert_eq!(Who::aws("arn:aws:iam::111122223333:role/*"), None);
        assert_eq!(Who::aws("root"), None);
    }

    #[test]
    fn not_principal_spares_a_user_that_is_listed_with_its_account() {
        assert!(all_but(&[BOB, ROOT], BOB).is_never());
        assert!(all_but(&[BOB, ROOT], "arn:aws:iam::111122223333:user/Eve").is_always());
    }

    #[test]
    fn not_principal_with_a_user_but_without_its_account_is_not_understood() {
        assert_eq!(all_but(&[BOB], BOB).value(), None);
    }

    #[test]
    fn not_principal_spares_a_role_only_with_its_session() {
        assert_eq!(all_but(&[ROLE, ROOT], ROLE).value(), None);
        assert!(all_but(&[ROLE, SESSION, ROOT], SESSION).is_never());
    }

    #[test]
    fn not_principal_names_every_other_account() {
        assert!(all_but(&[BOB, ROOT], "444455556666").is_always());
    }
}
