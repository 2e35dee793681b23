"""The process in which one document is read."""

import pickle
import resource
import sys
import warnings

from reports.drafting.draft import draft
from reports.drafting.kinds import read_contents


def main() -> None:
    raw, name, known, memory = pickle.load(sys.stdin.buffer)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("ignore")  # the libraries' remarks about what they do not know
    sys.stdout.buffer.write(pickle.dumps(draft(read_contents(raw, name), name, known)))


if __name__ == "__main__":
    main()
