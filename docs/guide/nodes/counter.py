"""A replicated counter. At each height every node says one number, and the height is decided when all have spoken.

The number is drawn anew each time it is asked for, so it must be durable before it leaves: a node that forgot it would say another one.
"""
import base64
import json
import re
import sys


class Counter:
    def __init__(self, start):
        self.nodes = start['nodes']
        self.me = start['node']
        self.own = {}       # height -> the number that this node says
        self.durable = 0    # numbers up to this height are durable
        self.heard = {}     # height -> { node: number }
        self.answered = {}   # height -> flushes that have answered
        log = b''.join(base64.b64decode(f['bytes']) for f in start['files'] if f['name'] == 'log')
        for line in log.split(b'\n'):
            found = re.fullmatch(rb'(\d+) (\d+) ok', line)
            if found:
                self.own[int(found[1])] = int(found[2])
        # What a torn line may have left must not run into the next one.
        self.separator = '\n' if log and not log.endswith(b'\n') else ''
        self.height = max(self.own, default=1)

    def save(self):
        # All that its effects depend on. Keys of JSON are texts, so maps from heights become lists.
        return {name: list(value.items()) if isinstance(value, dict) else value for name, value in vars(self).items()}

    @staticmethod
    def load(saved):
        counter = Counter({'nodes': [], 'node': '', 'files': []})
        vars(counter).update(saved, **{name: dict(saved[name]) for name in ('own', 'heard', 'answered')})
        return counter

    def begin(self):
        effects = [{'type': 'timer', 'timer': 'again', 'delayMs': 200}]
        if self.own:
            # A killed process may have left it in the page cache alone.
            return effects + self.flush(max(self.own))
        return effects + [self.ask()]

    def ask(self):
        return {'type': 'ask', 'key': str(self.height)}

    def flush(self, tag):
        return [{'type': 'flush', 'file': 'log', 'tag': tag}, {'type': 'flush-names', 'tag': tag}]

    def say(self, height, to=None):
        effect = {'type': 'publish', 'once': 'height %d' % height, 'data': {'height': height, 'amount': self.own[height]}}
        return effect if to is None else {**effect, 'to': to}

    def on(self, event):
        kind = event['type']
        if kind == 'answer':
            return self.drawn(int(event['key']), event['value'])
        if kind == 'flushed':
            return self.flushed(event['tag'])
        if kind == 'timer':
            again = [{'type': 'timer', 'timer': 'again', 'delayMs': 200}]
            return again + ([self.say(self.height)] if self.durable >= self.height else [])
        if kind == 'message':
            return self.hear(event['from'], event['data']['height'], event['data']['amount'])
        return [{'type': 'stop', 'reason': 'the disk failed: %s' % event.get('code')}]

    def drawn(self, height, amount):
        if height in self.own:
            return []
        self.own[height] = amount
        line = '%s%d %d ok\n' % (self.separator, height, amount)
        self.separator = ''
        return [{'type': 'append', 'file': 'log', 'bytes': base64.b64encode(line.encode()).decode()}] + self.flush(height)

    def flushed(self, height):
        # Two flushes answer for each number; only with the second are its bytes and the name of the file durable.
        self.answered[height] = self.answered.get(height, 0) + 1
        if self.answered[height] < 2:
            return []
        self.durable = max(self.durable, height)
        return [self.say(height)] + self.hear(self.me, height, self.own[height])

    def hear(self, sender, height, amount):
        if height < self.height:
            # It is behind, and may have lost what we said.
            return [self.say(height, [sender])] if sender != self.me and height <= self.durable else []
        self.heard.setdefault(height, {})[sender] = amount
        return self.decide()

    def decide(self):
        effects = []
        while len(self.heard.get(self.height, {})) == len(self.nodes):
            effects.append({'type': 'decide', 'height': self.height, 'value': sum(self.heard[self.height].values())})
            self.height += 1
            effects.append(self.ask())
        return effects


def main():
    counter = None
    for line in sys.stdin:
        event = json.loads(line)
        if event['type'] == 'start':
            counter = Counter(event)
            answer = {'effects': counter.begin(), 'saves': True}
        elif event['type'] == 'save':
            answer = {'saved': counter.save()}
        elif event['type'] == 'load':
            counter = Counter.load(event['saved'])
            answer = {'effects': []}
        else:
            answer = {'effects': counter.on(event)}
        print(json.dumps(answer), flush=True)


main()
