use matchday_kernel::{Page, PageSize, PageSizeError, TimeKey};
use proptest::prelude::*;

#[test]
fn sizes_are_read_as_the_api_promises() {
    let size = |written| PageSize::new(written).map(PageSize::get);
    assert_eq!(size(0), Ok(50));
    assert_eq!(size(1), Ok(1));
    assert_eq!(size(1000), Ok(1000));
    assert_eq!(size(1001), Ok(1000));
    assert_eq!(size(i32::MAX), Ok(1000));
    assert_eq!(size(-1), Err(PageSizeError { written: -1 }));
    assert_eq!(PageSize::default(), PageSize::DEFAULT);
}

#[test]
fn a_negative_size_says_what_to_write() {
    let error = PageSize::try_from(i32::MIN).expect_err("it is negative");
    let message = "the page size -2147483648 is negative: write 0 for the default of 50, or 1 to 1000";
    assert_eq!(error.to_string(), message);
}

#[test]
fn the_items_of_a_page_can_be_turned_into_others() {
    let page = Page { items: vec![1, 2], next: Some("2".to_owned()) };
    let words = Page { items: vec!["1".to_owned(), "2".to_owned()], next: Some("2".to_owned()) };
    assert_eq!(page.map(|item| item.to_string()), words);
}

proptest! {
    #[test]
    fn pages_read_one_after_the_other_are_the_whole_list(count in 0..40_u32, size in 1..10_i32) {
        let size = PageSize::new(size).expect("it is positive");
        let all: Vec<u32> = (1..=count).collect();
        let mut seen = Vec::new();
        let mut after = 0;
        loop {
            let wanted = usize::from(size.get()) + 1;
            let read = all.iter().copied().filter(|item| *item > after).take(wanted).collect();
            let page = Page::cut(read, size, u32::to_string);
            seen.extend(page.items);
            match page.next {
                Some(key) => after = key.parse().expect("the key is a number"),
                None => break,
            }
        }
        prop_assert_eq!(seen, all);
    }
}

#[test]
fn a_key_by_time_is_read_as_it_is_printed_and_a_forged_one_begins_at_the_beginning() {
    let key = TimeKey { micros: -5, name: "tournaments/t/shifts/a b" };
    assert_eq!(TimeKey::after(Some(&key.to_string())), key);
    let first = TimeKey::after(None);
    for forged in ["", "x", "x y", "99999999999999999999 a"] {
        assert_eq!(TimeKey::after(Some(forged)), first, "{forged}");
    }
}
