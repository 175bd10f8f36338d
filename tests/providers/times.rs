//! Milliseconds as the times that hosts store.

use session_lifecycle::stream::iso_time;

#[test]
fn a_time_is_written_as_hosts_write_it_at_every_turn_of_the_calendar() {
    for (millis, text) in [
        (0, "1970-01-01T00:00:00.000Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (951_782_399_999, "2000-02-28T23:59:59.999Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (951_868_800_000, "2000-03-01T00:00:00.000Z"),
        (1_709_251_199_900, "2024-02-29T23:59:59.900Z"),
        (1_735_689_599_999, "2024-12-31T23:59:59.999Z"),
        (1_735_689_600_000, "2025-01-01T00:00:00.000Z"),
        (1_740_787_199_000, "2025-02-28T23:59:59.000Z"),
        (1_740_787_200_000, "2025-03-01T00:00:00.000Z"),
        (1_767_225_599_999, "2025-12-31T23:59:59.999Z"),
        (1_779_960_600_125, "2026-05-28T09:30:00.125Z"),
        (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
        (-2_203_891_200_001, "1900-02-28T23:59:59.999Z"),
        (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        (253_402_300_800_000, "+010000-01-01T00:00:00.000Z"),
        (-62_167_219_200_001, "-000001-12-31T23:59:59.999Z"),
    ] {
        assert_eq!(iso_time(millis), text, "{millis}");
    }
}

#[test]
fn every_day_of_eight_hundred_years_follows_the_one_before() {
    let leaps = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let mut day = 0;
    for year in 1970..2770 {
        for month in 1..=12 {
            let days = match month {
                2 => 28 + i64::from(leaps(year)),
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            for date in 1..=days {
                let written = iso_time(day * 86_400_000);
                assert_eq!(
                    written,
                    format!("{year}-{month:02}-{date:02}T00:00:00.000Z")
                );
                day += 1;
            }
        }
    }
}

#[test]
fn no_count_of_milliseconds_is_too_large_or_too_small_to_be_written() {
    assert_eq!(iso_time(i64::MAX), "+292278994-08-17T07:12:55.807Z");
    assert_eq!(iso_time(i64::MIN), "-292275055-05-16T16:47:04.192Z");
}
