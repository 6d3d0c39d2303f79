"""Things that stand about. Each is about 2 `s` high and stands on (x, y, z)."""
import math

import bpy

from scene.stage import Stage


def ball(a: Stage, x, y, z, s, m, turn):
    a.add("uv_sphere", m, True, radius=s, location=(x, y, z + s), segments=48, ring_count=24)


def block(a: Stage, x, y, z, s, m, turn):
    cube = a.add("cube", m, size=1.6 * s, location=(x, y, z + 0.8 * s), rotation=(0, 0, turn))
    cube.modifiers.new("bevel", "BEVEL").width = 0.08 * s


def head(a: Stage, x, y, z, s, m, turn):
    made = a.add("monkey", m, True, size=2 * s, location=(x, y, z + s), rotation=(0, 0, a.r.uniform(-0.9, 0.9)))
    made.modifiers.new("smooth", "SUBSURF").render_levels = 2


def ring(a: Stage, x, y, z, s, m, turn):
    up = a.r.random() < 0.5
    where, tilt = (x, y, z + s * (1.3 if up else 0.3)), (math.pi / 2 * up, 0, turn)
    a.add("torus", m, True, major_radius=s, minor_radius=0.3 * s, location=where, rotation=tilt, major_segments=64)


def drum(a: Stage, x, y, z, s, m, turn):
    a.add("cylinder", m, radius=s * a.r.uniform(0.3, 0.8), depth=2 * s, location=(x, y, z + s), vertices=64)


def spire(a: Stage, x, y, z, s, m, turn):
    sides = a.r.choice([4, 6, 64])
    a.add("cone", m, radius1=s * 0.8, depth=2 * s, location=(x, y, z + s), vertices=sides, rotation=(0, 0, turn))


def gem(a: Stage, x, y, z, s, m, turn):
    a.add("ico_sphere", m, radius=s, location=(x, y, z + s), subdivisions=a.r.choice([1, 2]), rotation=(0, 0, turn))


def rock(a: Stage, x, y, z, s, m, turn):
    made = a.add("ico_sphere", m, True, radius=s * 0.9, location=(x, y, z + s), subdivisions=5)
    a.displace(made, s * 0.6, s * 0.8)


def urchin(a: Stage, x, y, z, s, m, turn):
    made = a.add("uv_sphere", m, True, radius=s * 0.7, location=(x, y, z + 0.7 * s))
    a.hair(made, 500, s * a.r.uniform(0.2, 0.8), s * 0.012)


def letters(a: Stage, x, y, z, s, m, turn):
    bpy.ops.object.text_add(location=(x - s, y, z), rotation=(math.pi / 2, 0, a.r.uniform(-0.4, 0.4)))
    text = bpy.context.object.data
    text.body = "".join(a.r.choices("ABCDEGHKMNRSTXZ2468&?", k=a.r.randint(1, 4)))
    text.size, text.extrude = 1.6 * s, 0.15 * s
    text.materials.append(m)


def pile(a: Stage, x, y, z, s, m, turn):
    for level in range(a.r.randint(3, 6)):
        half, foot = s * a.r.uniform(0.4, 0.8), z + level * s * 0.4
        a.box((x - half, y - half, foot), (x + half, y + half, foot + s * 0.38), a.material(), a.r.uniform(-0.4, 0.4))


THINGS = [ball, block, head, ring, drum, spire, gem, rock, urchin, letters, pile]


def strew(a: Stage, count, low, high, z, sizes):
    """Spread over a rectangle so that no two stand in each other."""
    taken = []
    for _ in range(20 * count):
        s, x, y = a.between(*sizes), a.r.uniform(low[0], high[0]), a.r.uniform(low[1], high[1])
        if len(taken) < count and all(math.hypot(x - b, y - c) > 0.9 * (s + t) for b, c, t in taken):
            taken.append((x, y, s))
            m, turn = a.material(), a.r.uniform(0, 6.3)
            a.r.choice(THINGS)(a, x, y, z, s, m, turn)


def table(a: Stage, x, y, top, half):
    wood = a.material("pattern", "matte", "coat", "gloss")
    a.box((x - half, y - half * 0.7, top - 0.05), (x + half, y + half * 0.7, top), wood)
    for i, j in ((-1, -1), (-1, 1), (1, -1), (1, 1)):
        b, c = x + i * (half - 0.06), y + j * (half * 0.7 - 0.06)
        a.box((b - 0.03, c - 0.03, 0), (b + 0.03, c + 0.03, top - 0.05), wood)
    low, high = (x - half * 0.8, y - half * 0.5), (x + half * 0.8, y + half * 0.5)
    strew(a, a.r.randint(2, 5), low, high, top, (0.07, 0.2))
