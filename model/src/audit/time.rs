//! Points in time, as far as an audit compares them.

/// Milliseconds since 1970 of an ISO time with an offset or a `Z`; `None` for anything else.
pub(crate) fn instant(text: &str) -> Option<i64> {
    as_hosts_write(text).or_else(|| in_any_form(text))
}

/// `2026-05-28T09:30:00.125Z`, as nearly all times are written: a log holds one in each line.
fn as_hosts_write(text: &str) -> Option<i64> {
    const FORM: &[u8; 24] = b"0000-00-00T00:00:00.000Z";
    let text: &[u8; 24] = text.as_bytes().try_into().ok()?;
    let is_of_form = |(byte, form): (&u8, &u8)| match form {
        b'0' => byte.is_ascii_digit(),
        form => byte == form,
    };
    if !text.iter().zip(FORM).all(is_of_form) {
        return None;
    }
    let number = |from: usize, until: usize| {
        let digits = text[from..until].iter();
        digits.fold(0, |number, digit| number * 10 + i64::from(digit - b'0'))
    };
    let clock = [number(11, 13), number(14, 16), number(17, 19)];
    at([number(0, 4), number(5, 7), number(8, 10)], clock, 0).map(|at| at + number(20, 23))
}

fn in_any_form(text: &str) -> Option<i64> {
    let (date, clock) = text.split_once(['T', ' '])?;
    let mut date = date.splitn(3, '-').map(digits);
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let (clock, offset) = match clock.strip_suffix(['Z', 'z']) {
        Some(clock) => (clock, 0),
        None => {
            let at = clock.rfind(['+', '-'])?;
            let (clock, offset) = clock.split_at(at);
            let (hours, minutes) = offset.get(1..)?.split_once(':')?;
            let minutes = digits(hours)? * 60 + digits(minutes)?;
            (
                clock,
                if offset.starts_with('-') {
                    -minutes
                } else {
                    minutes
                },
            )
        }
    };
    let mut clock = clock.splitn(3, ':');
    let (hour, minute) = (digits(clock.next()?)?, digits(clock.next()?)?);
    let (seconds, fraction) = match clock.next() {
        None => (0, 0),
        Some(seconds) => match seconds.split_once('.') {
            None => (digits(seconds)?, 0),
            Some((seconds, fraction)) => (digits(seconds)?, millis(fraction)?),
        },
    };
    let at = at([year, month, day], [hour, minute, seconds], offset)?;
    Some(at + fraction)
}

/// The milliseconds of a whole second; none for one that no clock shows.
fn at([year, month, day]: [i64; 3], [hour, minute, second]: [i64; 3], offset: i64) -> Option<i64> {
    let is_date = (1..=12).contains(&month) && (1..=31).contains(&day);
    if !is_date || hour > 24 || minute > 59 || second > 60 {
        return None;
    }
    let minutes = (days(year, month, day) * 24 + hour) * 60 + minute - offset;
    Some((minutes * 60 + second) * 1000)
}

fn digits(text: &str) -> Option<i64> {
    let plain = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// The first three digits of a fraction of a second.
fn millis(fraction: &str) -> Option<i64> {
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    format!("{fraction:0<3}").get(..3)?.parse().ok()
}

/// Days since 1970 in the civil calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::{as_hosts_write, in_any_form, instant};
    use session_lifecycle::stream::iso_time;

    #[test]
    fn the_usual_form_is_read_as_any_form_is_whatever_byte_of_it_is_changed() {
        let text = "2026-05-28T09:30:00.125Z";
        let mut read = 0;
        for at in 0..text.len() {
            for byte in 0..128 {
                let mut changed = text.as_bytes().to_vec();
                changed[at] = byte;
                let changed = String::from_utf8(changed).unwrap();
                let usual = as_hosts_write(&changed);
                let any = in_any_form(&changed);
                assert_eq!(instant(&changed), any, "{changed}");
                assert!(usual.is_none() || usual == any, "{changed}");
                read += u32::from(usual.is_some());
            }
        }
        assert!(read > 100, "{read}");
    }

    #[test]
    fn an_iso_time_is_read_with_its_offset_and_written_back() {
        for (text, millis) in [
            ("1970-01-01T00:00:00.000Z", 0),
            ("2026-05-28T09:30:00.125Z", 1_779_960_600_125),
            ("2026-05-28T11:30:00.125+02:00", 1_779_960_600_125),
            ("2024-02-29T23:59:59.9Z", 1_709_251_199_900),
            ("2026-05-28T09:30:00.125999Z", 1_779_960_600_125),
        ] {
            assert_eq!(instant(text), Some(millis), "{text}");
            assert_eq!(instant(&iso_time(millis)), Some(millis));
        }
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
