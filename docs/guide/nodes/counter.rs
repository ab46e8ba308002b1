//! A replicated counter, with the standard library alone. At each height every node says one number, and the height is decided when all have spoken.
//!
//! The number is drawn anew each time it is asked for, so it must be durable before it leaves: a node that forgot it would say another one.
use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};

/// An input by paths, such as `data.height` or `files.0.name`: texts without escapes and whole numbers, which is all that this node is sent.
type Input = BTreeMap<String, String>;

fn parse(json: &[u8], at: &mut usize, path: &str, input: &mut Input) {
    let from = *at;
    *at += 1;
    match json[from] {
        b'"' => {
            *at += json[*at..].iter().position(|&byte| byte == b'"').expect("the end of a text") + 1;
            input.insert(path.to_string(), String::from_utf8_lossy(&json[from + 1..*at - 1]).into());
        }
        open @ (b'[' | b'{') => {
            for index in 0.. {
                if json[*at] == open + 2 {
                    break;
                }
                let mut key = Input::from([(String::new(), index.to_string())]);
                if open == b'{' {
                    parse(json, at, "", &mut key);
                    *at += 1; // the colon
                }
                let dot = if path.is_empty() { "" } else { "." };
                parse(json, at, &format!("{path}{dot}{}", key[""]), input);
                *at += usize::from(json[*at] == b',');
            }
            *at += 1;
        }
        _ => {
            *at += json[*at..].iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(0);
            input.insert(path.to_string(), String::from_utf8_lossy(&json[from..*at]).into());
        }
    }
}

fn number(input: &Input, path: &str) -> i64 {
    input[path].parse().expect("a whole number")
}

const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn to_base64(bytes: &[u8]) -> String {
    let sign = |part: &[u8], place: usize| {
        let bits = part.iter().enumerate().fold(0u32, |sum, (i, &byte)| sum | u32::from(byte) << (16 - 8 * i));
        if place > part.len() { '=' } else { DIGITS[(bits >> (18 - 6 * place) & 63) as usize] as char }
    };
    bytes.chunks(3).flat_map(|part| (0..4).map(move |place| sign(part, place))).collect()
}

fn from_base64(text: &str) -> Vec<u8> {
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0u32, 0);
    for sign in text.bytes().filter(|&sign| sign != b'=') {
        bits = bits << 6 | DIGITS.iter().position(|&digit| digit == sign).expect("base64") as u32;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    bytes
}

#[derive(Default)]
struct Counter {
    nodes: usize,
    me: String,
    own: BTreeMap<i64, i64>,                     // height -> the number that this node says
    flushes: BTreeMap<i64, u32>,                 // of each height: of the bytes, and of the name of the file
    durable: i64,                                // numbers up to this height are durable
    heard: BTreeMap<i64, BTreeMap<String, i64>>, // height -> node -> number
    separator: &'static str,                     // what a torn line may have left must not run into the next one
    height: i64,
}

impl Counter {
    fn start(input: &Input) -> (Counter, Vec<String>) {
        let nodes = (0..).take_while(|index| input.contains_key(&format!("nodes.{index}"))).count();
        let mut counter = Counter { nodes, me: input["node"].clone(), ..Default::default() };
        let mut files = (0..).map_while(|index| Some((input.get(&format!("files.{index}.name"))?, index)));
        let log = files.find(|(name, _)| *name == "log").map(|(_, index)| from_base64(&input[&format!("files.{index}.bytes")]));
        let log = log.unwrap_or_default();
        for line in log.split(|&byte| byte == b'\n') {
            let words: Vec<&str> = std::str::from_utf8(line).unwrap_or("").split(' ').collect();
            if let [height, amount, "ok"] = words[..] {
                if let (Ok(height), Ok(amount)) = (height.parse(), amount.parse()) {
                    counter.own.insert(height, amount);
                }
            }
        }
        counter.separator = if log.is_empty() || log.ends_with(b"\n") { "" } else { "\n" };
        counter.height = counter.own.keys().next_back().copied().unwrap_or(1);
        let mut effects = vec![AGAIN.to_string()];
        // A killed process may have left a number in the page cache alone.
        effects.extend(if counter.own.is_empty() { vec![counter.ask()] } else { flush(counter.height) });
        (counter, effects)
    }

    fn on(&mut self, input: &Input) -> Vec<String> {
        match input["type"].as_str() {
            "answer" => self.drawn(number(input, "key"), number(input, "value")),
            "flushed" => self.flushed(number(input, "tag")),
            "timer" if self.durable >= self.height => vec![AGAIN.to_string(), self.say(self.height, None)],
            "timer" => vec![AGAIN.to_string()],
            "message" => self.hear(&input["from"], number(input, "data.height"), number(input, "data.amount")),
            _ => vec![r#"{"type":"stop","reason":"the disk failed"}"#.to_string()],
        }
    }

    fn ask(&self) -> String {
        format!(r#"{{"type":"ask","key":"{}"}}"#, self.height)
    }

    fn say(&self, height: i64, to: Option<&str>) -> String {
        let to = to.map_or(String::new(), |node| format!(r#","to":["{node}"]"#));
        let amount = self.own[&height];
        format!(r#"{{"type":"publish","once":"height {height}","data":{{"height":{height},"amount":{amount}}}{to}}}"#)
    }

    fn drawn(&mut self, height: i64, amount: i64) -> Vec<String> {
        if self.own.contains_key(&height) {
            return vec![];
        }
        self.own.insert(height, amount);
        let bytes = to_base64(format!("{}{height} {amount} ok\n", self.separator).as_bytes());
        self.separator = "";
        let append = format!(r#"{{"type":"append","file":"log","bytes":"{bytes}"}}"#);
        [vec![append], flush(height)].concat()
    }

    fn flushed(&mut self, height: i64) -> Vec<String> {
        let flushes = self.flushes.entry(height).or_default();
        *flushes += 1;
        if *flushes < 2 {
            return vec![];
        }
        self.durable = self.durable.max(height);
        let me = self.me.clone();
        [vec![self.say(height, None)], self.hear(&me, height, self.own[&height])].concat()
    }

    fn hear(&mut self, from: &str, height: i64, amount: i64) -> Vec<String> {
        if height < self.height {
            // It is behind, and may have lost what this node said.
            return if from != self.me && height <= self.durable { vec![self.say(height, Some(from))] } else { vec![] };
        }
        self.heard.entry(height).or_default().insert(from.to_string(), amount);
        let mut effects = vec![];
        while self.heard.get(&self.height).is_some_and(|heard| heard.len() == self.nodes) {
            let value: i64 = self.heard[&self.height].values().sum();
            effects.push(format!(r#"{{"type":"decide","height":{},"value":{value}}}"#, self.height));
            self.height += 1;
            effects.push(self.ask());
        }
        effects
    }
}

const AGAIN: &str = r#"{"type":"timer","timer":"again","delayMs":200}"#;

fn flush(tag: i64) -> Vec<String> {
    vec![format!(r#"{{"type":"flush","file":"log","tag":{tag}}}"#), format!(r#"{{"type":"flush-names","tag":{tag}}}"#)]
}

fn main() {
    let mut counter = None;
    for line in io::stdin().lock().lines() {
        let mut input = Input::new();
        parse(line.expect("a line").as_bytes(), &mut 0, "", &mut input);
        let effects = match &mut counter {
            None => {
                let (started, effects) = Counter::start(&input);
                counter = Some(started);
                effects
            }
            Some(counter) => counter.on(&input),
        };
        println!(r#"{{"effects":[{}]}}"#, effects.join(","));
        io::stdout().flush().expect("the answer is read");
    }
}
