//! Reads a source file as the compiler would, as far as tidiness needs it: code apart from words and tests, and paths.

/// Stands at the start of every line that is a test.
const TEST: char = '\u{0}';

/// One file of the package.
pub struct Source {
    /// From the top of the package: `src/app/form.rs`.
    pub path: String,
    pub text: String,
    /// The text without comments, strings and tests; every line is still in its place.
    pub code: String,
}

/// A path through the crate, and the line it stands on.
#[derive(Debug, PartialEq, Eq)]
pub struct Seen {
    pub path: String,
    pub line: usize,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        let path = path.to_owned();
        let code = if path.ends_with("/tests.rs") {
            String::new()
        } else {
            without_tests(&only_code(text))
        };
        let text = text.to_owned();
        Self { path, text, code }
    }

    /// The folders and file below `src/`, as a module path; the crate's root has none.
    pub fn module(&self) -> Vec<&str> {
        let inner = self.path.strip_prefix("src/").unwrap_or_default();
        let inner = inner.strip_suffix(".rs").unwrap_or_default();
        let module = inner
            .split('/')
            .filter(|part| !["lib", "main", ""].contains(part));
        module.collect()
    }

    /// Lines that are not tests.
    pub fn length(&self) -> usize {
        let lines = self.code.lines();
        lines.filter(|line| !line.starts_with(TEST)).count()
    }

    /// Every path that starts with `root` and `::`, with groups spelt out: `crate::{a::B, c}` gives `a::B` and `c`.
    pub fn paths(&self, root: &str) -> Vec<Seen> {
        let start = format!("{root}::");
        let mut seen = Vec::new();
        for (at, _) in self.code.match_indices(&start) {
            if self.code[..at].ends_with(is_name) {
                continue;
            }
            let line = self.line(at);
            let mut rest = &self.code[at + start.len()..];
            let mut paths = Vec::new();
            spell_out(&mut rest, "", &mut paths);
            seen.extend(paths.into_iter().map(|path| Seen { path, line }));
        }
        seen
    }

    /// Lines on which `word` stands as a whole word or path.
    pub fn lines_with(&self, word: &str) -> Vec<usize> {
        let found = self.code.match_indices(word).filter(|(at, _)| {
            let behind = self.code[at + word.len()..].chars().next();
            !self.code[..*at].ends_with(is_name) && !behind.is_some_and(is_name)
        });
        found.map(|(at, _)| self.line(at)).collect()
    }

    /// The line of a byte, counted from one.
    pub fn line(&self, at: usize) -> usize {
        1 + self.code[..at].matches('\n').count()
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Reads one path, or a group of them in braces, off the front of `rest`.
fn spell_out(rest: &mut &str, before: &str, paths: &mut Vec<String>) {
    let join = |name: &str| match before {
        "" => name.to_owned(),
        before => format!("{before}::{name}"),
    };
    *rest = rest.trim_start();
    if let Some(group) = rest.strip_prefix('{') {
        *rest = group;
        loop {
            *rest = rest.trim_start();
            if rest.is_empty() {
                return;
            }
            if let Some(behind) = rest.strip_prefix('}') {
                *rest = behind;
                return;
            }
            match rest.strip_prefix(',') {
                Some(behind) => *rest = behind,
                None => spell_out(rest, before, paths),
            }
        }
    }
    let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
    // Anything that is no name, such as a star, is taken as it stands.
    let end = end.max(rest.chars().next().map_or(0, char::len_utf8));
    let path = join(&rest[..end]);
    *rest = &rest[end..];
    match rest.strip_prefix("::") {
        Some(deeper) if !deeper.starts_with('<') => {
            *rest = deeper;
            spell_out(rest, &path, paths);
        }
        _ => {
            paths.push(path);
            // Another name of it does not matter.
            if let Some(name) = rest.trim_start().strip_prefix("as ") {
                *rest = name.trim_start().trim_start_matches(is_name);
            }
        }
    }
}

/// Blanks comments, strings and characters.
fn only_code(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = comment(rest)
            .or_else(|| string(rest, &code))
            .or_else(|| character(rest));
        match length {
            Some(length) => {
                let blank = rest[..length]
                    .chars()
                    .map(|c| if c == '\n' { c } else { ' ' });
                code.extend(blank);
            }
            None => code.push(c),
        }
        rest = &rest[length.unwrap_or(c.len_utf8())..];
    }
    code
}

fn comment(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    rest.strip_prefix("/*")?;
    let mut depth = 0_usize;
    for (at, _) in rest.char_indices() {
        if rest[at..].starts_with("/*") {
            depth += 1;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            if depth == 0 {
                return Some(at + 2);
            }
        }
    }
    Some(rest.len())
}

fn string(rest: &str, before: &str) -> Option<usize> {
    if let Some(raw) = rest
        .strip_prefix('r')
        .filter(|_| !before.ends_with(is_name))
    {
        let fence = raw.len() - raw.trim_start_matches('#').len();
        if raw[fence..].starts_with('"') {
            let end = format!("\"{}", "#".repeat(fence));
            let from = 1 + fence + 1;
            return Some(
                rest[from..]
                    .find(&end)
                    .map_or(rest.len(), |at| from + at + end.len()),
            );
        }
    }
    let inner = rest.strip_prefix('"')?;
    let mut is_escaped = false;
    for (at, c) in inner.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return Some(at + 2),
            _ => {}
        }
    }
    Some(rest.len())
}

/// A character, not a lifetime.
fn character(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('\'')?;
    if let Some(escaped) = inner.strip_prefix('\\') {
        let skip = escaped.chars().next()?.len_utf8();
        return Some(2 + skip + escaped[skip..].find('\'')? + 1);
    }
    let length = inner.chars().next()?.len_utf8();
    inner[length..].starts_with('\'').then_some(length + 2)
}

/// Leaves nothing of an item under `#[cfg(test)]` but a mark on each of its lines.
fn without_tests(code: &str) -> String {
    let mut left = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = rest.find("#[cfg(test)]") {
        let end = at + item(&rest[at..]);
        left.push_str(&rest[..at]);
        let marks = vec![TEST.to_string(); 1 + rest[at..end].matches('\n').count()];
        left.push_str(&marks.join("\n"));
        rest = &rest[end..];
    }
    left.push_str(rest);
    left
}

/// The length of an item with its attributes: up to its semicolon, or to the end of its braces.
fn item(code: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in code.char_indices() {
        match c {
            '{' | '[' | '(' => depth += 1,
            '}' | ']' | ')' => {
                depth = depth.saturating_sub(1);
                if depth == 0 && c == '}' {
                    return at + 1;
                }
            }
            ';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}
