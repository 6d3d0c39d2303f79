"""Path-traced pictures whose noise falls: renders.py OUT FIRST_SEED COUNT [THREADS].

Each seed is a scene of scene/, in Blender's Cycles without denoising, as OUT/SEED_00001spp.png to OUT/SEED_00128spp.png. What
is there already is kept, so a run that was cut off goes on where it was.
"""
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

COUNTS = [1, 2, 4, 8, 16, 32, 64, 128]
FIRST = 100  # smaller seeds are for trying things out, not for training
LIMIT = 900  # seconds for one scene


def names(seed: int) -> list[str]:
    return [f"{seed}_{count:05}spp.png" for count in COUNTS]


def render(out: Path, seed: int, threads: int) -> str:
    """What went wrong, or nothing. Blender's exit code does not tell, so the files have to."""
    script = [str(Path(__file__).with_name("scene") / "ladder.py"), "--", str(seed), str(out), str(threads)]
    command = ["blender", "--background", "--factory-startup", "-noaudio", "--python-exit-code", "1", "--python", *script]
    # Debian's Blender looks for its modules beside the first python3 in the path, which may be another
    plain = {**os.environ, "PATH": os.defpath}
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, env=plain)
    except subprocess.TimeoutExpired:
        return f"not done after {LIMIT} s"
    if all((out / name).exists() for name in names(seed)):
        return ""
    return (done.stderr or done.stdout)[-2000:] or "no pictures"


def cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    out, first, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    threads = int(sys.argv[4]) if len(sys.argv) > 4 else 2
    if first < FIRST:
        sys.exit(f"the first seed is {FIRST} or more")
    out.mkdir(parents=True, exist_ok=True)
    seeds = [seed for seed in range(first, first + count) if not all((out / name).exists() for name in names(seed))]
    print(f"{len(seeds)} of {count} scenes to render", flush=True)
    start, failed = time.time(), 0
    for index, seed in enumerate(seeds):
        before, begun = cpu_seconds(), time.time()
        trouble = render(out, seed, threads)
        failed += bool(trouble)
        left = (time.time() - start) / (index + 1) * (len(seeds) - index - 1)
        spent = f"{cpu_seconds() - before:.0f} CPU seconds, {time.time() - begun:.0f} s; about {left / 60:.0f} min left"
        print(f"{index + 1}/{len(seeds)} seed {seed}: {trouble or 'done'}; {spent}", flush=True)
    print(f"{cpu_seconds():.0f} CPU seconds in all, {failed} scenes failed")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
