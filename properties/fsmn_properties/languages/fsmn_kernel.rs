//! fsmn_kernel.rs: verify a kernel in Rust with fsmn-properties, through a pipe. No crates.
//!
//! Write `fn kernel(call: &Call) -> Answer`, and let `main` call `serve(name, version, promises, kernel)`. Standard
//! output belongs to the protocol: print with `eprintln!`. Protocol and promises: docs/other_languages.md and
//! docs/contract.md of fsmn-properties.
#![allow(dead_code, unused_imports)]
use std::convert::TryInto; // for editions before 2021
use std::io::{self, BufRead, Write};

/// An argument or a result, its values little-endian and in C order.
#[derive(Default)]
pub struct Array {
    pub name: String,
    pub dtype: String,
    pub shape: Vec<usize>,
    pub data: Vec<u8>,
}

/// A call; the values of strides are text, and their dtype is "int" unless they are wrong.
#[derive(Default)]
pub struct Call {
    pub function: String,
    pub stream: String,
    pub arguments: Vec<Array>,
    pub strides: Vec<(String, String, String)>,
}

/// What a kernel answers.
pub enum Answer {
    Results(Vec<Array>),
    /// Kind ("TypeError" or "ValueError"), argument, index, value, words.
    Refused(&'static str, String, Option<usize>, Option<String>, String),
    Unsupported(String),
}

impl Array {
    fn width(&self) -> usize {
        let digits: String = self.dtype.chars().filter(|c| c.is_ascii_digit()).collect();
        digits.parse().unwrap_or(8) / 8
    }
    fn bytes(&self) -> usize {
        self.width() * self.shape.iter().product::<usize>()
    }
    /// The values of a float32 array.
    pub fn f32s(&self) -> Vec<f32> {
        self.data.chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect()
    }
    /// The values of a float64 array.
    pub fn f64s(&self) -> Vec<f64> {
        self.data.chunks_exact(8).map(|b| f64::from_le_bytes(b.try_into().unwrap())).collect()
    }
    /// The values of an array of any integer type.
    pub fn integers(&self) -> Vec<i128> {
        let fill = |last: u8| if last > 127 && self.dtype.starts_with('i') { 255 } else { 0 };
        let value = |bytes: &[u8]| {
            let mut whole = [fill(bytes[bytes.len() - 1]); 16];
            whole[..bytes.len()].copy_from_slice(bytes);
            i128::from_le_bytes(whole)
        };
        self.data.chunks_exact(self.width()).map(value).collect()
    }
    /// A matrix of float32 as a result.
    pub fn of_f32s(name: &str, rows: usize, columns: usize, values: &[f32]) -> Array {
        let data = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        Array { name: name.into(), dtype: "float32".into(), shape: vec![rows, columns], data }
    }
    /// A matrix of float64 as a result.
    pub fn of_f64s(name: &str, rows: usize, columns: usize, values: &[f64]) -> Array {
        let data = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        Array { name: name.into(), dtype: "float64".into(), shape: vec![rows, columns], data }
    }
}

impl Call {
    /// An argument by its name.
    pub fn get(&self, name: &str) -> &Array {
        self.arguments.iter().find(|a| a.name == name).unwrap_or_else(|| panic!("there is no argument {}", name))
    }
    /// A stride by its name: 1 if it is not given, and at most 2**40, which is beyond every frame.
    pub fn stride(&self, name: &str) -> usize {
        let given = self.strides.iter().find(|s| s.0 == name);
        given.map_or(1, |s| s.2.parse().unwrap_or(usize::MAX).min(1 << 40))
    }
    /// What rules D1 to D7 of the contract refuse, for a kernel with no checks of its own.
    pub fn refused(&self) -> Option<Answer> {
        let hidden = self.arguments.iter().find(|a| a.name == "hidden").or(self.arguments.first())?;
        let refuse = |kind, name: &str, index, value: Option<String>, words: &str| {
            Some(Answer::Refused(kind, name.into(), index, value, words.into()))
        };
        for a in &self.arguments {
            let counts = a.name.contains("position");
            if !a.dtype.contains("int") && (counts || !a.dtype.starts_with("float")) {
                let words = if counts { "must be integers" } else { "must be floats or integers" };
                return refuse("TypeError", &a.name, None, Some(a.dtype.clone()), words);
            }
            if a.shape.len() != if counts { 1 } else { 2 } || hidden.shape.len() != 2 {
                return refuse("ValueError", &a.name, None, None, "has a wrong number of dimensions");
            }
            let frames = hidden.shape[0];
            if (counts || a.name == "dmemory") && a.shape[0] != frames {
                return refuse("ValueError", &a.name, None, None, "must have an entry for each frame");
            }
            if !counts && a.shape[1] != hidden.shape[1] {
                return refuse("ValueError", &a.name, None, None, "must have the channels of hidden");
            }
            if a.name == "bfilter" && a.shape[0] == 0 {
                return refuse("ValueError", &a.name, None, None, "must have row 0, the own tap");
            }
            for (r, value) in if counts { a.integers() } else { vec![] }.into_iter().enumerate() {
                let most = if a.name.starts_with('f') { frames - 1 - r } else { r };
                if value < 0 || value > most as i128 {
                    return refuse("ValueError", &a.name, Some(r), Some(value.to_string()), "is out of range");
                }
            }
        }
        for (name, dtype, value) in &self.strides {
            if !dtype.contains("int") {
                return refuse("TypeError", name, None, Some(value.clone()), "must be an integer");
            }
            if value.starts_with('-') || value == "0" {
                return refuse("ValueError", name, None, Some(value.clone()), "must be at least 1");
            }
        }
        None
    }

    /// Read the line of JSON that fsmn-properties writes, in which "name" is the first key of each array.
    fn read(input: &mut impl BufRead) -> io::Result<Option<Call>> {
        let (mut line, mut call, mut key, mut in_strides) = (String::new(), Call::default(), String::new(), false);
        if input.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let mut rest = line.as_str();
        while let Some(c) = rest.chars().next() {
            rest = &rest[c.len_utf8()..];
            if c == '"' {
                let end = rest.find('"').unwrap_or(rest.len() - 1);
                let text = rest[..end].to_string();
                rest = rest[end + 1..].trim_start();
                if rest.starts_with(':') {
                    in_strides = text == "strides" || (in_strides && text != "arguments");
                    key = text;
                    continue;
                }
                match (key.as_str(), in_strides) {
                    ("call", _) => call.function = text,
                    ("stream", _) => call.stream = text,
                    ("name", true) => call.strides.push((text, String::new(), String::new())),
                    ("name", false) => call.arguments.push(Array { name: text, ..Array::default() }),
                    ("dtype", true) => call.strides.last_mut().unwrap().1 = text,
                    ("dtype", false) => call.arguments.last_mut().unwrap().dtype = text,
                    ("value", true) => call.strides.last_mut().unwrap().2 = text,
                    _ => {}
                }
            } else if c.is_ascii_digit() && key == "shape" {
                let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
                let number = format!("{c}{}", &rest[..digits]);
                call.arguments.last_mut().unwrap().shape.push(number.parse().unwrap());
                rest = &rest[digits..];
            }
        }
        for array in &mut call.arguments {
            array.data = vec![0; array.bytes()];
            input.read_exact(&mut array.data)?;
        }
        Ok(Some(call))
    }
}

fn quoted(text: &str) -> String {
    format!("{text:?}").replace("\\'", "'").replace("\\u{", "(").replace('}', ")")
}

/// State what the kernel is, and answer calls until there are no more; `promises` is a JSON object.
pub fn serve(name: &str, version: &str, promises: &str, mut kernel: impl FnMut(&Call) -> Answer) -> io::Result<()> {
    let (mut input, mut output) = (io::stdin().lock(), io::BufWriter::with_capacity(1 << 16, io::stdout().lock()));
    let (name, version) = (quoted(name), quoted(version));
    writeln!(output, r#"{{"fsmn": 1, "name": {name}, "version": {version}, "language": "Rust", "promises": {promises}}}"#)?;
    output.flush()?;
    while let Some(call) = Call::read(&mut input)? {
        match kernel(&call) {
            Answer::Results(results) => {
                let told = results.iter().map(|a| format!(r#"{{"name": {}, "dtype": {}, "shape": {:?}}}"#, quoted(&a.name), quoted(&a.dtype), a.shape));
                writeln!(output, r#"{{"answer": "results", "results": [{}]}}"#, told.collect::<Vec<_>>().join(", "))?;
                for array in &results {
                    output.write_all(&array.data)?;
                }
            }
            Answer::Refused(kind, argument, index, value, words) => {
                let index = index.map_or(String::new(), |i| format!(r#", "index": {i}"#));
                let value = value.map_or(String::new(), |v| format!(r#", "value": {}"#, quoted(&v)));
                let (argument, words) = (quoted(&argument), quoted(&words));
                writeln!(output, r#"{{"answer": "refused", "kind": "{kind}", "argument": {argument}{index}{value}, "words": {words}}}"#)?;
            }
            Answer::Unsupported(reason) => writeln!(output, r#"{{"answer": "unsupported", "reason": {}}}"#, quoted(&reason))?,
        }
        output.flush()?; // once an answer
    }
    Ok(())
}
