//! Markdown → which bytes are code, comments and front matter, and where its `referee` fences stand.
//!
//! In `` `$x$` and $y$ `` only y is mathematics. A fence inside a list or a quotation has a prefix on each line (`> `,
//! blanks) that is not its own; such prefixes become blanks in a copy of the fence, byte for byte, so a place in the
//! copy is a place in the file.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// Bytes in which no formula begins.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Region {
    pub(super) range: Range<usize>,
    pub(super) kind: RegionKind,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum RegionKind {
    /// A fenced block: whatever is open before it ends there.
    Fenced,
    /// A block ```` ```math ````: a display.
    Mathematics,
    /// Code by indentation or backticks, tags, comments, front matter.
    Other,
}

/// A `referee` fence: its bytes in the file, and those of its content, line by line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FenceText {
    pub(super) whole: Range<usize>,
    content: Vec<Range<usize>>,
}

impl FenceText {
    /// The fence with everything but its content and line ends as blanks; no byte moves.
    pub(super) fn masked(&self, text: &str) -> String {
        let mut masked = blanks(&text.as_bytes()[self.whole.clone()]);
        for range in &self.content {
            let (start, end) = (range.start - self.whole.start, range.end - self.whole.start);
            masked[start..end].copy_from_slice(&text.as_bytes()[range.clone()]);
        }
        String::from_utf8(masked).expect("whole characters are copied between blanks")
    }
}

/// What the parser of Markdown tells about a text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Regions {
    /// In the order of the text, none within another.
    pub(super) regions: Vec<Region>,
    pub(super) fences: Vec<FenceText>,
}

/// Blanks, with the line ends where they were.
pub(super) fn blanks(text: &[u8]) -> Vec<u8> {
    text.iter().map(|&byte| if matches!(byte, b'\n' | b'\r') { byte } else { b' ' }).collect()
}

/// Reads the structure of a text whose formulas, if known, are masked.
pub(super) fn regions(text: &str) -> Regions {
    let front = front_matter(text);
    let mut copy = blanks(&text.as_bytes()[..front]);
    copy.extend_from_slice(&text.as_bytes()[front..]);
    let body = String::from_utf8(copy).expect("whole lines are blanked");
    let mut reader = Reader { text: &body, regions: Vec::new(), fences: Vec::new(), fence: None };
    reader.push(0..front, RegionKind::Other);
    for (event, range) in Parser::new_ext(&body, Options::empty()).into_offset_iter() {
        reader.event(event, range);
    }
    Regions { regions: reader.regions, fences: reader.fences }
}

/// Where the front matter at the top of a file ends, `---` … `---` or `+++` … `+++`; 0 without any.
fn front_matter(text: &str) -> usize {
    let start = text.len() - text.trim_start_matches('\u{feff}').len();
    let mut lines = text[start..].split_inclusive('\n');
    let mark = lines.next().unwrap_or("").trim_end();
    if !matches!(mark, "---" | "+++") {
        return 0;
    }
    let mut end = start + text[start..].find('\n').map_or(text.len() - start, |at| at + 1);
    for line in lines {
        end += line.len();
        let closing = line.trim_end();
        if closing == mark || (mark == "---" && closing == "...") {
            return end;
        }
    }
    0
}

struct Reader<'t> {
    text: &'t str,
    regions: Vec<Region>,
    fences: Vec<FenceText>,
    /// The `referee` fence that is being read.
    fence: Option<FenceText>,
}

impl Reader<'_> {
    fn event(&mut self, event: Event, range: Range<usize>) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let word = info.split_whitespace().next();
                let kind = if word == Some("math") { RegionKind::Mathematics } else { RegionKind::Fenced };
                self.fence = (word == Some("referee"))
                    .then(|| FenceText { whole: range.clone(), content: Vec::new() });
                self.push(range, kind);
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) | Event::Code(_) | Event::InlineHtml(_) => {
                self.push(range, RegionKind::Other);
            }
            Event::Start(Tag::HtmlBlock) => self.html(range),
            Event::Text(_) => {
                if let Some(fence) = &mut self.fence {
                    let within = range.start.max(fence.whole.start)..range.end.min(fence.whole.end);
                    fence.content.extend((within.start < within.end).then_some(within));
                }
            }
            Event::End(TagEnd::CodeBlock) => self.fences.extend(self.fence.take()),
            _ => {}
        }
    }

    /// A block of HTML may hold formulas, as `<details>` does, but not in its comments, scripts and preformatted text.
    fn html(&mut self, range: Range<usize>) {
        let block = &self.text[range.clone()];
        let start = block.trim_start();
        let verbatim = ["<pre", "<script", "<style", "<textarea"];
        if verbatim.iter().any(|tag| start.get(..tag.len()).is_some_and(|s| s.eq_ignore_ascii_case(tag))) {
            return self.push(range, RegionKind::Other);
        }
        let mut at = 0;
        while let Some(open) = block[at..].find("<!--").map(|found| at + found) {
            let close = block[open..].find("-->").map_or(block.len(), |found| open + found + 3);
            self.push(range.start + open..range.start + close, RegionKind::Other);
            at = close;
        }
    }

    fn push(&mut self, range: Range<usize>, kind: RegionKind) {
        let after = self.regions.last().is_none_or(|last| last.range.end <= range.start);
        if after && !range.is_empty() {
            self.regions.push(Region { range, kind });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found = regions(text).regions;
        assert_eq!(found.iter().map(|region| &text[region.range.clone()]).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn code_comments_and_front_matter_are_told_apart_from_text() {
        check("a `b` c ``d ` e``", &["`b`", "``d ` e``"]);
        check("a\n\n    b\n\nc", &["b\n"]);
        check("a <!-- $x$ --> b", &["<!-- $x$ -->"]);
        check("<!-- a\n\n$x$ -->\nb", &["<!-- a\n\n$x$ -->"]);
        check("<details>\n$$a$$ <!-- b -->\n</details>", &["<!-- b -->"]);
        check("<pre>\n\n$$a$$\n</pre>\n\nb", &["<pre>\n\n$$a$$\n</pre>\n"]);
        check("```\n$x$\n```\nb", &["```\n$x$\n```"]);
    }

    #[test]
    fn front_matter_stands_at_the_top_and_is_closed() {
        check("---\ntitle: $x$\n---\n\nb", &["---\ntitle: $x$\n---\n"]);
        check("+++\na = '$'\n+++\r\nb", &["+++\na = '$'\n+++\r\n"]);
        check("---\na\n...\nb", &["---\na\n...\n"]);
        check("\n---\na\n---\n", &[]);
        check("---\nno end", &[]);
    }
}
