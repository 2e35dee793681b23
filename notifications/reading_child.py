"""The process in which mail is read: told once who we are, then one mail after the other until nobody asks any more."""

import pickle
import resource
import sys

from notifications.readers import receive, send
from notifications.reading.reader import read


def main() -> None:
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    own, vocabulary, memory = pickle.loads(receive(asked))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while True:
        try:
            raw, received = pickle.loads(receive(asked))
        except EOFError:
            return
        send(answers, pickle.dumps(read(raw, own=own, vocabulary=vocabulary, received=received)))


if __name__ == "__main__":
    main()
