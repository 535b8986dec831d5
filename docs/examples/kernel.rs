// A kernel in Rust, by the pipe:  python -m fsmn_properties --rust-module > fsmn_kernel.rs
// rustc -O kernel.rs && python -m fsmn_properties --command ./kernel   (./kernel --mistake is caught)
mod fsmn_kernel;
use fsmn_kernel::{serve, Answer, Array, Call};

fn kernel(call: &Call, mistake: bool) -> Answer {
    if let Some(refusal) = call.refused() {
        return refusal;
    }
    let (hidden, filter, position) = (call.get("hidden"), call.get("filter"), call.get("position").integers());
    let (rows, channels, taps, stride) = (hidden.shape[0], hidden.shape[1], filter.shape[0], call.stride("stride"));
    let (h, f) = (hidden.f64s(), filter.f64s());
    let mut memory = h.clone();
    for r in 0..rows {
        for i in (0..taps).take_while(|i| ((i + 1) * stride) as i128 <= position[r]) {
            let frame = r - (i + 1) * stride + mistake as usize; // reads a frame too late
            for c in 0..channels {
                memory[r * channels + c] += f[i * channels + c] * h[frame * channels + c];
            }
        }
    }
    Answer::Results(vec![Array::of_f64s("memory", rows, channels, &memory)])
}

fn main() -> std::io::Result<()> {
    let mistake = std::env::args().any(|argument| argument == "--mistake");
    let promises = r#"{"functions": "compact_vfsmn_memory_forward", "formats": "float64"}"#;
    serve("kernel.rs", "1.0", promises, |call| kernel(call, mistake))
}
