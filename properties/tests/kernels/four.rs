// All four functions in Rust, with a mistake that `--mistake N` chooses.
mod fsmn_kernel;
use fsmn_kernel::{serve, Answer, Array, Call};

fn values(array: &Array) -> Vec<f64> {
    if array.dtype == "float32" {
        array.f32s().into_iter().map(f64::from).collect()
    } else {
        array.f64s()
    }
}

fn result(wide: bool, name: &str, rows: usize, columns: usize, all: &[f64]) -> Array {
    if wide {
        return Array::of_f64s(name, rows, columns, all);
    }
    Array::of_f32s(name, rows, columns, &all.iter().map(|&v| v as f32).collect::<Vec<_>>())
}

fn kernel(call: &Call, mistake: usize, kept: &std::cell::Cell<f64>) -> Answer {
    if let (true, Some(refusal)) = (mistake != 6, call.refused()) {
        return refusal;
    }
    let (two, backward) = (call.function.starts_with("bi_"), call.function.ends_with("backward"));
    let names = |back: &'static str| if two { format!("b{back}") } else { back.to_string() };
    let hidden = call.get("hidden");
    let (frames, channels) = (hidden.shape[0], hidden.shape[1]);
    if mistake == 10 && frames > 1000 {
        panic!("too many frames");
    }
    let wide = mistake == 8 || call.arguments.iter().any(|a| a.dtype == "float64");
    let h = values(hidden);
    let dm = if backward { values(call.get("dmemory")) } else { vec![] };
    let (mut out, mut gradients) = (if backward { dm.clone() } else { h.clone() }, vec![]);
    for side in 0..1 + two as usize {
        let of = |back: &'static str, ahead: &str| if side == 0 { names(back) } else { ahead.to_string() };
        let (filter, position) = (call.get(&of("filter", "ffilter")), call.get(&of("position", "fposition")).integers());
        let name = if mistake == 5 { names("stride") } else { of("stride", "fstride") };
        let stride = if mistake == 2 { 1 } else { call.stride(&name) };
        let (f, taps) = (values(filter), filter.shape[0]);
        let mut gradient = vec![0.0; f.len()];
        for r in 0..frames {
            for i in 0..taps {
                let lag = ((i + !(two && side == 0) as usize) * stride) as i128;
                let tap = if mistake == 1 { taps - 1 - i } else { i };
                let room = (if side == 0 { r } else { frames - 1 - r }) as i128;
                let mask = lag <= if mistake == 3 { room } else { position[r] };
                if (mistake != 4 && !mask) || (mistake == 4 && lag > room) || (mistake == 7 && backward && r > 0 && r == frames - 1) {
                    continue;
                }
                let (mask, s) = (mask as u8 as f64, (r as i128 + if side == 0 { -lag } else { lag }) as usize);
                for c in 0..channels {
                    let (t, s, r) = (tap * channels + c, s * channels + c, r * channels + c);
                    if backward {
                        out[s] += mask * f[t] * dm[r];
                        gradient[t] += mask * h[s] * dm[r];
                    } else {
                        out[r] += mask * f[t] * h[s];
                    }
                }
            }
        }
        gradients.push((format!("d{}", of("filter", "ffilter")), taps, gradient));
    }
    if mistake == 9 && !out.is_empty() {
        out[0] += kept.replace(1.0 - kept.get());
    }
    let mut results = vec![result(wide, if backward { "dhidden" } else { "memory" }, frames, channels, &out)];
    if backward {
        results.extend(gradients.iter().map(|(name, taps, all)| result(wide, name, *taps, channels, all)));
    }
    Answer::Results(results)
}

fn main() -> std::io::Result<()> {
    let given: Vec<String> = std::env::args().collect();
    let (mistake, kept) = (given.get(2).map_or(0, |n| n.parse().unwrap_or(0)), std::cell::Cell::new(0.0));
    serve("four.rs", "1.0", r#"{"formats": ["float32", "float64"]}"#, |call| kernel(call, mistake, &kept))
}
