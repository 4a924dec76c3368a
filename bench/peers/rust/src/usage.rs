// SPDX-License-Identifier: Apache-2.0

/// What this process has used since it started: CPU time in microseconds and octets resident. Nobody counts what is allocated.
pub fn usage() -> String {
    // SAFETY: getrusage fills the structure, which is plain data.
    let used = unsafe {
        let mut used: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_SELF, &mut used);
        used
    };
    let cpu = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1_000_000 + used.ru_utime.tv_usec + used.ru_stime.tv_usec;
    let statm = std::fs::read_to_string("/proc/self/statm").expect("statm");
    let pages: u64 = statm.split(' ').nth(1).and_then(|text| text.parse().ok()).expect("resident pages");
    // SAFETY: sysconf has no preconditions.
    let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) } as u64;
    format!("cpu={cpu} resident={}", pages * page)
}
