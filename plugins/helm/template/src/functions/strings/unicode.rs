//! Classes and cases of characters as Go's `unicode` package has them.

use std::sync::LazyLock;

use regex_automata::meta;

/// `unicode.IsSpace`.
pub(crate) fn is_space(c: char) -> bool {
    match c {
        '\t'..='\r' | ' ' | '\u{85}' | '\u{a0}' => true,
        c if c.is_ascii() => false,
        c => c.is_whitespace(),
    }
}

/// `unicode.IsUpper`: letters of the category Lu.
pub(crate) fn is_upper(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_uppercase();
    }
    // What is upper case without being an upper-case letter: Roman numerals, circled and squared letters.
    let other = matches!(c, '\u{2160}'..='\u{216f}' | '\u{24b6}'..='\u{24cf}' | '\u{1f130}'..='\u{1f149}'
        | '\u{1f150}'..='\u{1f169}' | '\u{1f170}'..='\u{1f189}');
    c.is_uppercase() && !other
}

/// `unicode.IsLower`: letters of the category Ll.
pub(crate) fn is_lower(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_lowercase();
    }
    static LOWER: LazyLock<Option<meta::Regex>> = LazyLock::new(|| class("\\p{Ll}"));
    c.is_lowercase() && in_class(&LOWER, c)
}

/// `unicode.IsTitle`: letters of the category Lt.
pub(crate) fn is_title(c: char) -> bool {
    matches!(c,
        '\u{1c5}' | '\u{1c8}' | '\u{1cb}' | '\u{1f2}'
        | '\u{1f88}'..='\u{1f8f}' | '\u{1f98}'..='\u{1f9f}' | '\u{1fa8}'..='\u{1faf}'
        | '\u{1fbc}' | '\u{1fcc}' | '\u{1ffc}')
}

/// `unicode.IsLetter`: the categories L*.
pub(crate) fn is_letter(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphabetic();
    }
    static LETTER: LazyLock<Option<meta::Regex>> = LazyLock::new(|| class("\\p{L}"));
    c.is_alphabetic() && in_class(&LETTER, c)
}

/// `unicode.IsDigit`: the category Nd.
pub(crate) fn is_digit(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_digit();
    }
    static DIGIT: LazyLock<Option<meta::Regex>> = LazyLock::new(|| class("\\p{Nd}"));
    c.is_numeric() && in_class(&DIGIT, c)
}

/// `unicode.IsNumber`: the categories N*.
pub(crate) fn is_number(c: char) -> bool {
    c.is_numeric()
}

/// `unicode.IsPunct`: the categories P*.
pub(crate) fn is_punct(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_punctuation() && !"$+<=>^`|~".contains(c);
    }
    static PUNCT: LazyLock<Option<meta::Regex>> = LazyLock::new(|| class("\\p{P}"));
    !c.is_alphanumeric() && in_class(&PUNCT, c)
}

/// `unicode.ToUpper`: one character for one.
pub(crate) fn to_upper(c: char) -> char {
    // Titlecase forms; the others that become several characters have none of their own.
    single(c.to_uppercase(), || match c {
        '\u{1f80}'..='\u{1f87}'
        | '\u{1f90}'..='\u{1f97}'
        | '\u{1fa0}'..='\u{1fa7}' => shifted(c, 8),
        '\u{1fb3}' | '\u{1fc3}' | '\u{1ff3}' => shifted(c, 9),
        c => c,
    })
}

/// `unicode.ToLower`: one character for one.
pub(crate) fn to_lower(c: char) -> char {
    match c {
        '\u{130}' => 'i',
        c => single(c.to_lowercase(), || c),
    }
}

/// `unicode.ToTitle`: one character for one.
pub(crate) fn to_title(c: char) -> char {
    match c {
        '\u{1c4}'..='\u{1c6}' => '\u{1c5}',
        '\u{1c7}'..='\u{1c9}' => '\u{1c8}',
        '\u{1ca}'..='\u{1cc}' => '\u{1cb}',
        '\u{1f1}'..='\u{1f3}' => '\u{1f2}',
        // Georgian letters have no title case.
        '\u{10d0}'..='\u{10fa}' | '\u{10fd}'..='\u{10ff}' => c,
        c => to_upper(c),
    }
}

fn shifted(c: char, by: u32) -> char {
    char::from_u32(u32::from(c) + by).unwrap_or(c)
}

fn single(mut mapped: impl ExactSizeIterator<Item = char>, otherwise: impl Fn() -> char) -> char {
    if mapped.len() == 1
        && let Some(c) = mapped.next()
    {
        return c;
    }
    otherwise()
}

fn class(pattern: &str) -> Option<meta::Regex> {
    meta::Regex::new(&format!("^{pattern}$")).ok()
}

fn in_class(class: &Option<meta::Regex>, c: char) -> bool {
    class
        .as_ref()
        .is_some_and(|class| class.is_match(c.encode_utf8(&mut [0; 4]).as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_general_categories() {
        assert!(is_upper('É') && !is_upper('Ⅷ') && !is_upper('é'));
        assert!(is_lower('é') && !is_lower('ª') && !is_lower('ⓐ'));
        assert!(is_letter('ª') && !is_letter('ⓐ'));
        assert!(is_digit('٣') && !is_digit('Ⅷ') && is_number('Ⅷ'));
        assert!(is_punct('«') && is_punct('_') && !is_punct('$') && !is_punct('€'));
        assert!(is_space('\u{a0}') && is_space('\u{85}') && !is_space('\u{1c}'));
    }

    #[test]
    fn cases_are_mapped_one_to_one() {
        assert_eq!(to_upper('ß'), 'ß');
        assert_eq!(to_upper('ᾳ'), 'ᾼ');
        assert_eq!(to_lower('İ'), 'i');
        assert_eq!(to_title('ǆ'), 'ǅ');
        assert_eq!(to_title('é'), 'É');
    }
}
