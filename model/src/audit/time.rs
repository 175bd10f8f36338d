//! Points in time, as far as an audit compares them.

use jiff::Timestamp;

/// Milliseconds since 1970 of an ISO time with an offset or a `Z`; `None` for anything else.
pub(crate) fn instant(text: &str) -> Option<i64> {
    let time: Timestamp = text.parse().ok()?;
    Some(time.as_millisecond())
}

/// An instant as hosts write it, `2026-05-28T09:30:00.125Z`; beyond the year 9999 its last one.
pub(crate) fn iso(millis: i64) -> String {
    let time = Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MAX);
    format!("{time:.3}")
}

#[cfg(test)]
mod tests {
    use super::{instant, iso};

    #[test]
    fn an_iso_time_is_read_with_its_offset_and_written_back() {
        for (text, millis) in [
            ("1970-01-01T00:00:00.000Z", 0),
            ("1969-12-31T23:59:59.999Z", -1),
            ("2026-05-28T09:30:00.125Z", 1_779_960_600_125),
            ("2026-05-28 09:30:00.125z", 1_779_960_600_125),
            ("2026-05-28T11:30:00.125+02:00", 1_779_960_600_125),
            ("2024-02-29T23:59:59.9Z", 1_709_251_199_900),
            ("2026-05-28T09:30:00.125999Z", 1_779_960_600_125),
        ] {
            assert_eq!(instant(text), Some(millis), "{text}");
            assert_eq!(instant(&iso(millis)), Some(millis));
        }
        assert_eq!(iso(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(iso(i64::MAX), "9999-12-30T22:00:00.999Z");
    }

    #[test]
    fn what_is_no_iso_time_is_none() {
        for text in [
            "",
            "now",
            "2026-05-28",
            "2026-13-01T00:00:00Z",
            "2026-05-28T09:30:00",
            "2026-05-28T+1:00:00Z",
        ] {
            assert_eq!(instant(text), None, "{text}");
        }
    }
}
