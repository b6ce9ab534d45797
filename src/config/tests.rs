use super::*;
use crate::diagnostic::render_all;

/// A configuration without a mistake; the mistakes below are made in it.
const GOOD: &str = "\
# What we judge by.
policy: [baseline, ./our-pack]
parameters:
  delivery_hours: 6
exception_limit: 20
exceptions:
  - rule: log-bucket-object-lock
    subject:
      arn: arn:aws:s3:::acme-legacy-*
      account: [\"111122223333\", sandbox-*]
      ou: Workloads/**
      tag: team=data
    reason: Emptied with the data centre move
    owner: platform@acme.example
    expires: 2027-01-31
    ticket: SEC-1142
";

fn read(text: &str) -> Result<Config, Vec<Diagnostic>> {
    Config::read(&Arc::new(Source::new("trailproof.yaml", text)), PathBuf::new())
}

/// What is said when `from` in the good configuration is `to`.
fn mistake(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    match read(&GOOD.replacen(from, to, 1)) {
        Ok(_) => "no mistake found".to_owned(),
        Err(found) => render_all(&found, false),
    }
}

macro_rules! mistakes {
    ($($name:ident: $from:expr => $to:expr;)+) => { $(
        #[test]
        fn $name() {
            let shown = mistake($from, $to);
            assert!(shown.contains("--> trailproof.yaml:"), "{shown}");
            insta::assert_snapshot!(stringify!($name), shown);
        }
    )+ };
}

mistakes! {
    an_unknown_key: "policy:" => "polices:";
    an_unknown_key_of_an_exception: "subject:" => "subjects:";
    an_unknown_kind_of_pattern: "account: [" => "acount: [";
    a_policy_that_is_a_map: "[baseline, ./our-pack]" => "{ pack: baseline }";
    a_policy_without_a_pack: "[baseline, ./our-pack]" => "[]";
    parameters_that_are_a_list: "parameters:\n  delivery_hours: 6" => "parameters: [delivery_hours=6]";
    a_limit_that_is_text: "exception_limit: 20" => "exception_limit: many";
    a_limit_of_nothing: "exception_limit: 20" => "exception_limit: 0";
    a_key_given_twice: "exception_limit: 20" => "policy: [soc-2]";
    a_tab: "  delivery_hours" => "\tdelivery_hours";
    a_value_without_quotes: "reason: Emptied" => "reason: Emptied: moved";
    a_second_document: "exceptions:\n" => "---\nexceptions:\n";
    a_merge_key: "exceptions:\n  - rule: log-bucket-object-lock" => "base: &base { owner: x }\nexceptions:\n  - <<: *base\n    rule: a";
    a_hidden_character: "reason: Emptied" => "reason: Emp\u{202e}tied";
    exceptions_that_are_a_map: "  - rule: log" => "    rule: log";
    an_exception_without_a_rule: "rule: log-bucket-object-lock\n    subject" => "subject";
    a_rule_in_capitals: "rule: log-bucket-object-lock" => "rule: Log_Bucket";
    a_rule_without_a_value: "rule: log-bucket-object-lock" => "rule:";
    a_subject_without_patterns: "subject:\n      arn" => "subject: {}\n    x:\n      arn";
    a_pattern_without_a_value: "arn: arn:aws:s3:::acme-legacy-*" => "arn:";
    an_empty_list_of_patterns: "[\"111122223333\", sandbox-*]" => "[]";
    a_bucket_name_for_an_arn: "arn:aws:s3:::acme-legacy-*" => "acme-legacy-*";
    a_question_mark_in_an_arn: "acme-legacy-*" => "acme-legacy-?";
    an_account_id_of_eleven_digits: "\"111122223333\"" => "\"11112222333\"";
    an_account_id_without_quotes: "\"111122223333\"" => "111122223333";
    a_path_that_starts_with_a_slash: "ou: Workloads/**" => "ou: /Workloads/**";
    two_stars_within_a_name: "ou: Workloads/**" => "ou: Work**/x";
    a_tag_without_a_value: "tag: team=data" => "tag: team";
    a_missing_reason: "    reason: Emptied with the data centre move\n" => "";
    an_empty_owner: "owner: platform@acme.example" => "owner: ' '";
    a_missing_date: "    expires: 2027-01-31\n" => "";
    a_date_that_does_not_exist: "2027-01-31" => "2027-02-30";
    a_date_with_a_time: "2027-01-31" => "2027-01-31T00:00:00Z";
    a_date_in_another_order: "2027-01-31" => "31.01.2027";
    a_ticket_that_is_a_number: "ticket: SEC-1142" => "ticket: 1142";
    a_fingerprint_that_is_cut_short: "ticket: SEC-1142" => "fingerprint: 0123abcd";
    a_file_that_is_not_there: "exceptions:\n" => "exceptions_from: [no-such-folder/exceptions.yaml]\nexceptions:\n";
}

#[test]
fn a_good_configuration_says_what_it_says() {
    let config = read(GOOD).unwrap();
    assert_eq!(
        config.policy.iter().map(|pack| pack.name.as_str()).collect::<Vec<_>>(),
        ["baseline", "./our-pack"]
    );
    assert_eq!(config.parameters.len(), 1);
    assert_eq!(config.exception_limit, 20);
    let [entry] = &config.exceptions[..] else { panic!("{:?}", config.exceptions) };
    assert_eq!(entry.expires.to_string(), "2027-01-31");
    assert_eq!(entry.ticket.as_deref(), Some("SEC-1142"));
    assert_eq!(entry.place(), "trailproof.yaml:7");
    assert_eq!(
        entry.scope(),
        "rule log-bucket-object-lock, arn arn:aws:s3:::acme-legacy-*, account 111122223333 or sandbox-*, ou Workloads/**, tag team=data"
    );
}

#[test]
fn a_file_with_comments_only_says_nothing() {
    for text in ["", "# later\n", "\u{feff}# later\r\n", "exceptions:\n"] {
        let config = read(text).unwrap_or_else(|found| panic!("{text:?}: {}", render_all(&found, false)));
        assert!(config.exceptions.is_empty() && config.policy.is_empty());
    }
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_change_nothing() {
    let config = read(&format!("\u{feff}{}", GOOD.replace('\n', "\r\n"))).unwrap();
    assert_eq!(config.exceptions[0].reason, "Emptied with the data centre move");
    assert_eq!(config.exceptions[0].place(), "trailproof.yaml:7");
}

#[test]
fn all_mistakes_are_told_at_once_in_the_order_of_the_file() {
    let text = GOOD
        .replace("exception_limit: 20", "exception_limit: 0")
        .replace("2027-01-31", "soon")
        .replace("policy:", "polcy:");
    let found = read(&text).unwrap_err();
    let titles: Vec<&str> = found.iter().map(|it| it.title.as_str()).collect();
    assert_eq!(
        titles,
        ["the configuration has no key `polcy`", "`exception_limit`: 0 is less than 1", "`soon` is no date"]
    );
}

#[test]
fn bombs_deep_nesting_and_large_files_are_refused_at_once() {
    let started = std::time::Instant::now();
    let bomb: String = (0..40).fold("a0: &a0 [x, x, x, x, x, x, x, x]\n".to_owned(), |text, n| {
        let list = vec![format!("*a{n}"); 8].join(", ");
        format!("{text}a{}: &a{} [{list}]\n", n + 1, n + 1)
    });
    let deep = format!("policy: {}{}\n", "[".repeat(10_000), "]".repeat(10_000));
    let large = format!("# {}\n", "x".repeat(1 << 20));
    for text in [bomb, deep, large] {
        assert!(!read(&text).unwrap_err().is_empty());
    }
    assert!(started.elapsed().as_secs() < 5);
}

#[test]
fn a_file_of_a_hundred_megabytes_is_refused_without_being_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trailproof.yaml");
    std::fs::File::create(&path).unwrap().set_len(100 << 20).unwrap();
    let found = Config::load(&path).unwrap_err();
    assert!(found[0].title.ends_with("it has 104857600 bytes, 262144 are allowed"), "{}", found[0].title);
    std::fs::write(&path, b"policy: [\xff]\n").unwrap();
    assert!(Config::load(&path).unwrap_err()[0].title.ends_with("it is not UTF-8 (at byte 9)"));
}

#[test]
fn a_link_that_leads_to_itself_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trailproof.yaml");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&path, &path).unwrap();
    assert!(Config::load(&path).unwrap_err()[0].title.contains("cannot be read"));
}

#[test]
fn exceptions_of_named_files_come_after_those_of_the_file_itself() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let entry = |rule: &str| {
        format!("exceptions:\n  - {{ rule: {rule}, reason: r, owner: o, expires: 2027-01-31 }}\n")
    };
    write("trailproof.yaml", &format!("exceptions_from: [a.yaml, b.yaml]\n{}", entry("first")));
    write("a.yaml", &entry("second"));
    write("b.yaml", &entry("third"));
    let config = Config::load(&folder.path().join("trailproof.yaml")).unwrap();
    let rules: Vec<_> =
        config.exceptions.iter().map(|entry| entry.rule.as_ref().unwrap().text.clone()).collect();
    assert_eq!(rules, ["first", "second", "third"]);
    write("b.yaml", "exception: []\n");
    let found = Config::load(&folder.path().join("trailproof.yaml")).unwrap_err();
    assert_eq!(found[0].title, "a file with exceptions has no key `exception`");
    assert!(found[0].labels[0].source.name.ends_with("b.yaml"));
}

/// The example in docs/exceptions.md is a configuration without mistakes.
#[test]
fn the_configuration_in_the_documentation_is_read() {
    let page = include_str!("../../docs/exceptions.md");
    let block = page.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap();
    let named = block.lines().find(|line| line.starts_with("exceptions_from:")).unwrap();
    let config =
        read(&block.replace(named, "")).unwrap_or_else(|found| panic!("{}", render_all(&found, false)));
    assert_eq!(config.exceptions.len(), 1);
    assert_eq!(config.exception_limit, exception::LIMIT);
}
