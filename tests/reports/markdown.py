"""python markdown.py FILE...   what GitHub's own renderer makes of a job summary or a comment"""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import cmarkgfm
from cmarkgfm.cmark import Options

SUMMARY_LIMIT = 1024 * 1024
RAW_HTML = {"details", "summary", "br", "sub", "sup", "kbd"}
MADE_BY_MARKDOWN = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "a", "ul", "ol", "li", "em", "strong", "del", "code", "pre", "hr", "blockquote"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
PIPE = re.compile(r"(?<!\\)\|")


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.problems = []

    def handle_starttag(self, tag, attrs):
        if tag not in RAW_HTML | MADE_BY_MARKDOWN:
            self.problems.append(f"<{tag}>")
        for name, value in attrs:
            if name == "href" and not re.match(r"https://|#", value or ""):
                self.problems.append(f"a link to {value!r}")
            if name.startswith("on") or name == "style":
                self.problems.append(f"attribute {name} on <{tag}>")


def uneven_tables(text):
    """A cell too many is dropped in silence: every row of a table must have as many as its header."""
    width = None
    fenced = False
    for number, line in enumerate(text.split("\n"), 1):
        fenced ^= line.startswith("```")
        if fenced or not line.startswith("|"):
            width = None
            continue
        pipes = len(PIPE.findall(line))
        width = width or pipes
        if pipes != width:
            yield f"line {number} has {pipes - 1} cells in a table of {width - 1}"


def check(text):
    if len(text.encode()) >= SUMMARY_LIMIT:
        yield "1 MiB or more: GitHub drops the whole summary"
    if found := INVISIBLE.search(text):
        yield f"control or direction character U+{ord(found.group()):04X}"
    yield from uneven_tables(text)
    reader = Reader()
    # Unsafe on purpose: raw HTML has to be absent, not filtered away by whoever renders it.
    reader.feed(cmarkgfm.markdown_to_html_with_extensions(text, Options.CMARK_OPT_UNSAFE, ["table", "strikethrough", "autolink"]))
    yield from reader.problems


def main(files):
    if not files:
        sys.exit("name at least one file")
    failed = False
    for file in files:
        problems = list(check(Path(file).read_bytes().decode()))
        failed |= bool(problems)
        print("\n".join(f"{file}: {problem}" for problem in problems) or f"{file}: sound")
    sys.exit(failed)


if __name__ == "__main__":
    main(sys.argv[1:])
