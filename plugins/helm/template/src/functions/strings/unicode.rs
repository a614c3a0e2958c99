//! Classes and cases of characters as Go's `unicode` package has them.

use unicode_general_category::{GeneralCategory as Category, get_general_category as category};

/// `unicode.IsSpace`.
pub(crate) fn is_space(c: char) -> bool {
    matches!(c, '\t'..='\r' | ' ') || !c.is_ascii() && c.is_whitespace()
}

/// `unicode.IsUpper`: the category Lu.
pub(crate) fn is_upper(c: char) -> bool {
    category(c) == Category::UppercaseLetter
}

/// `unicode.IsLower`: the category Ll.
pub(crate) fn is_lower(c: char) -> bool {
    category(c) == Category::LowercaseLetter
}

/// `unicode.IsTitle`: the category Lt.
pub(crate) fn is_title(c: char) -> bool {
    category(c) == Category::TitlecaseLetter
}

/// `unicode.IsLetter`: the categories L*.
pub(crate) fn is_letter(c: char) -> bool {
    matches!(
        category(c),
        Category::UppercaseLetter
            | Category::LowercaseLetter
            | Category::TitlecaseLetter
            | Category::ModifierLetter
            | Category::OtherLetter
    )
}

/// `unicode.IsDigit`: the category Nd.
pub(crate) fn is_digit(c: char) -> bool {
    category(c) == Category::DecimalNumber
}

/// `unicode.IsNumber`: the categories N*.
pub(crate) fn is_number(c: char) -> bool {
    matches!(
        category(c),
        Category::DecimalNumber | Category::LetterNumber | Category::OtherNumber
    )
}

/// `unicode.IsPunct`: the categories P*.
pub(crate) fn is_punct(c: char) -> bool {
    matches!(
        category(c),
        Category::ConnectorPunctuation
            | Category::DashPunctuation
            | Category::OpenPunctuation
            | Category::ClosePunctuation
            | Category::InitialPunctuation
            | Category::FinalPunctuation
            | Category::OtherPunctuation
    )
}

/// `unicode.ToUpper`: one character for one.
pub(crate) fn to_upper(c: char) -> char {
    // Some Greek letters become two characters, but have a form of their own in title case.
    single(c.to_uppercase(), || match c {
        '\u{1f80}'..='\u{1f87}' | '\u{1f90}'..='\u{1f97}' | '\u{1fa0}'..='\u{1fa7}' => {
            shifted(c, 8)
        }
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
