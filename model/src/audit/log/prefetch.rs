//! Memory that is asked for before it is looked at, so that a look does not wait for it.

/// Begins to fetch the line of the cache that stands there; beyond the end of the bytes, one that nobody needs.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
#[allow(unsafe_code)]
pub(super) fn prefetch(bytes: &[u8], at: usize) {
    use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
    let place = bytes.as_ptr().wrapping_add(at);
    // SAFETY: a hint. It reads nothing, and may name any address.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(place.cast()) };
}

/// Other processors have no such instruction in stable Rust.
#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
pub(super) fn prefetch(_: &[u8], _: usize) {}
