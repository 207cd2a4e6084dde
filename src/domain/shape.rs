//! Texts whose shape tells a slip: a state, a postal code, an address on the web.

/// What a text must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The two letters of a state of the United States: `TX`.
    State,
    /// Five digits, or nine as `78704-1234`.
    Zip,
    /// An address that begins with `https://`.
    Link,
}

impl Shape {
    /// The words tell what to type.
    pub fn check(self, text: &str) -> Result<(), &'static str> {
        let (is_right, words) = match self {
            Self::State => (is_state(text), "a state is two letters, such as TX"),
            Self::Zip => (
                is_zip(text),
                "a ZIP code has five digits, or nine as 78704-1234",
            ),
            Self::Link => (
                is_link(text),
                "a web address begins with https:// and has no blanks",
            ),
        };
        if is_right { Ok(()) } else { Err(words) }
    }
}

fn is_state(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn is_zip(text: &str) -> bool {
    let are_digits =
        |part: &str, count| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once('-') {
        Some((five, four)) => are_digits(five, 5) && are_digits(four, 4),
        None => are_digits(text, 5),
    }
}

fn is_link(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://") else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_host = !host.is_empty() && !host.contains('@');
    is_host && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::Shape;

    #[test]
    fn slips_are_seen() {
        let right = [
            (Shape::State, "TX"),
            (Shape::State, "tx"),
            (Shape::Zip, "78704"),
            (Shape::Zip, "78704-1234"),
            (Shape::Link, "https://clinic.example"),
            (Shape::Link, "https://clinic.example/b?id=1"),
        ];
        for (shape, text) in right {
            assert_eq!(shape.check(text), Ok(()), "{text}");
        }
        let wrong = [
            (Shape::State, "Texas"),
            (Shape::State, "T1"),
            (Shape::Zip, "7870"),
            (Shape::Zip, "78704-12"),
            (Shape::Zip, "787041234"),
            (Shape::Zip, "7870x"),
            (Shape::Link, "http://clinic.example"),
            (Shape::Link, "https://"),
            (Shape::Link, "https://user@clinic.example"),
            (Shape::Link, "https://clinic.example/a b"),
            (Shape::Link, "javascript:alert(1)"),
        ];
        for (shape, text) in wrong {
            assert!(shape.check(text).is_err(), "{text}");
        }
    }
}
