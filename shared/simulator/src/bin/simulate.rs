fn main() {
    let mut args = std::env::args().skip(1);
    let from: u64 = args.next().and_then(|a| a.parse().ok()).unwrap_or(0);
    let n: u64 = args.next().and_then(|a| a.parse().ok()).unwrap_or(100);
    let flaw = args.next().and_then(|a| simulator::Flaw::named(&a));
    let mut events = 0;
    for seed in from..from + n {
        let t = std::time::Instant::now();
        match simulator::tell(seed, 50_000_000, flaw) {
            Ok(f) => {
                events += f.events;
                if n < 10 {
                    println!("{seed} {f:?} {:?}", t.elapsed());
                }
            }
            Err(f) => println!(
                "seed {} event {} {} : {:?}\n{}",
                f.seed,
                f.event,
                f.story,
                f.broken,
                if n < 2 { f.trail } else { String::new() }
            ),
        }
        if t.elapsed().as_secs() > 5 {
            println!("slow {seed} {:?}", t.elapsed());
        }
    }
    println!("{events} events");
}
