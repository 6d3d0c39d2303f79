"""What a scene is of: a room, objects near by, a landscape or a street."""
import math

import numpy as np

from scene.stage import Stage
from scene.things import strew, table


def room(s: Stage) -> None:
    """By day with a window, by night with lamps."""
    r = s.r
    w, d, h, t = r.uniform(1.8, 4), r.uniform(4, 9), r.uniform(2.4, 4), 0.15
    wall, other = s.material("matte"), s.material("matte", "pattern", "pattern")
    s.box((-w, 0, -t), (w, d, 0), s.material("pattern", "pattern", "gloss", "matte", "cloth"))
    s.box((-w, 0, h), (w, d, h + t), s.material("matte"))
    s.box((-w - t, 0, 0), (-w, d, h), wall)
    s.box((-w, -t, 0), (w, 0, h), wall)
    s.box((-w, d, 0), (w, d + t, h), other)
    daylight = r.random() < 0.6
    if daylight:
        wall_with_window(s, w, d, h, t, wall)
    else:
        s.box((w, 0, 0), (w + t, d, h), wall)
    s.sky(0.15, 0.9, night=not daylight)
    for _ in range(r.randint(0 if daylight else 1, 3)):
        x, y, half = r.uniform(-w, w) * 0.6, d * r.uniform(0.3, 0.85), s.between(0.04, 0.5)
        drop = r.choice([0.1, 0.1, h * 0.3])
        s.box((x - half, y - half, h - drop), (x + half, y + half, h - drop + 0.03), s.glow(s.between(0.3, 2) / half**2))
    furnish(s, w, d, h, wall)
    if r.random() < 0.15:
        s.fog((-w, 0, 0), (w, d, h), s.between(0.02, 0.12))
    for _ in range(12):
        eye = (r.uniform(-w, w) * 0.7, r.uniform(0.2, d * 0.3), r.uniform(0.9, min(h - 0.4, 2.2)))
        s.look(eye, (0, d * 0.7, r.uniform(0.5, 1.1)))


def wall_with_window(s: Stage, w, d, h, t, wall) -> None:
    r = s.r
    low, high, near, far = r.uniform(0.3, 1), h - r.uniform(0.2, 0.6), d * r.uniform(0.3, 0.5), d * r.uniform(0.65, 0.9)
    for a, b in (((0, 0), (near, h)), ((far, 0), (d, h)), ((near, 0), (far, low)), ((near, high), (far, h))):
        s.box((w, *a), (w + t, *b), wall)
    bar = s.material("coat", "matte", "metal")
    for i in range(1, panes := r.randint(1, 12)):
        y = near + (far - near) * i / panes
        s.box((w, y - 0.02, low), (w + 0.05, y + 0.02, high), bar)
    if r.random() < 0.7:
        s.portal((w + t, (near + far) / 2, (low + high) / 2), (far - near, high - low))


def furnish(s: Stage, w, d, h, wall) -> None:
    r = s.r
    for x in (-w + 0.05, r.uniform(-0.3, 0.3) * w):
        if r.random() < 0.5:  # a picture or a mirror on the far wall
            s.box((x, d - 0.04, 1), (x + r.uniform(0.6, 1.4), d, r.uniform(1.6, 2.2)), s.material("mirror", "pattern"))
    if r.random() < 0.4:  # books on the left
        for z in (0.5, 0.95, 1.4, 1.85):
            s.box((-w, d * 0.4, z), (-w + 0.3, d * 0.8, z + 0.03), wall)
            y = d * 0.4
            while (y := y + r.uniform(0.02, 0.09)) < d * 0.8 - 0.1:
                s.box((-w, y, z + 0.03), (-w + r.uniform(0.16, 0.28), y + 0.02, z + r.uniform(0.2, 0.36)), s.paint())
    if r.random() < 0.35:  # columns
        stone, radius = s.material("matte", "pattern", "gloss"), r.uniform(0.12, 0.3)
        for y in np.arange(1.5, d - 0.5, r.uniform(1.2, 2.2)):
            for x in (-w * 0.62, w * 0.62):
                s.add("cylinder", stone, True, radius=radius, depth=h, location=(x, y, h / 2), vertices=48)
    table(s, r.uniform(-0.4, 0.4) * w, d * r.uniform(0.45, 0.6), r.uniform(0.45, 0.8), r.uniform(0.5, 0.9))
    strew(s, r.randint(4, 9), (-w * 0.8, d * 0.62), (w * 0.8, d * 0.93), 0, (0.15, 0.6))


def table_top(s: Stage) -> None:
    """Small objects near by, before a wall, under one to three lamps."""
    r = s.r
    s.box((-3, -2, -0.1), (3, 3, 0), s.material("pattern", "pattern", "gloss", "matte", "coat"))
    s.box((-3, 2.5, -0.1), (3, 2.6, 4), s.material("matte", "pattern"))
    strew(s, r.randint(5, 14), (-0.8, -0.4), (0.8, 1), 0, (0.06, 0.3))
    s.sky(0.2, 1.2, night=r.random() < 0.7)
    for _ in range(r.randint(1, 3)):
        angle, far = r.uniform(0, 6.3), r.uniform(0.6, 1.8)
        s.light((far * math.cos(angle), far * math.sin(angle) * 0.8, r.uniform(0.8, 2.5)), (0, 0.3, 0.1), s.between(10, 60))
    for _ in range(12):
        eye = (r.uniform(-0.8, 0.8), r.uniform(-1.8, -0.9), r.uniform(0.15, 1.1))
        s.look(eye, (r.uniform(-0.2, 0.2), 0.3, r.uniform(0.05, 0.25)))


def field(s: Stage) -> None:
    """Hilly ground with trees, rocks and now and then grass or water."""
    r = s.r
    ground = s.add("grid", s.paint(0.25, 0.09), True, size=40, x_subdivisions=100, y_subdivisions=100, location=(0, 14, 0))
    s.displace(ground, r.uniform(2, 6), r.uniform(0.3, 2.5))
    if r.random() < 0.5:
        patch = s.add("grid", s.paint(0.3, 0.05), size=5, x_subdivisions=30, y_subdivisions=30, location=(0, 2, 0))
        s.displace(patch, 2, 0.2)
        s.hair(patch, 1500, r.uniform(0.08, 0.4), 0.006, s.paint(0.3, 0.08))
    if r.random() < 0.4:
        s.add("plane", s.material("mirror", "gloss", "glass"), size=60, location=(0, 14, r.uniform(-0.1, 0.1)))
    bark = s.paint(0.08, 0.03)
    for _ in range(r.randint(4, 16)):
        x, y, tall = r.uniform(-8, 8), r.uniform(4, 22), r.uniform(1.5, 5)
        s.add("cylinder", bark, True, radius=0.06 * tall**0.7, depth=tall, location=(x, y, tall / 2 - 0.2))
        leaves = s.paint(0.28, 0.08)
        if r.random() < 0.4:
            for level in (0.5, 0.75, 1):
                s.add("cone", leaves, radius1=tall * 0.35 * (1.3 - level), depth=tall * 0.5, location=(x, y, tall * level))
        else:
            crown = s.add("ico_sphere", leaves, radius=tall * 0.35, subdivisions=5, location=(x, y, tall))
            s.displace(crown, 0.3, tall * 0.3)
    strew(s, r.randint(3, 8), (-2, 1.5), (2, 5), 0.1, (0.15, 0.7))
    s.sky(0.05, 1.1)
    for _ in range(12):
        s.look((r.uniform(-3, 3), r.uniform(-2.5, -1), r.uniform(0.9, 2.4)), (0, 5, r.uniform(0.3, 1)))


def street(s: Stage) -> None:
    """Houses on both sides, by day or with lit windows and lamps by night."""
    r, night = s.r, s.r.random() < 0.5
    s.box((-30, -5, -0.1), (30, 60, 0), s.material("gloss", "pattern", "matte"))
    s.sky(0.1, 1.2, night)
    half = r.uniform(2, 4)
    for side in (-1, 1):
        y = -2.0
        while y < 30:
            long, tall, wide = r.uniform(3, 7), r.uniform(3, 10), r.uniform(3, 6)
            front = side * (half + r.uniform(0, 0.6))
            left, right = sorted((front, front + side * wide))
            s.box((left, y, 0), (right, y + long, tall), s.material("matte", "pattern"))
            pane = s.glow(s.between(1, 8)) if night else s.material("mirror", "gloss")
            dark, gap = s.material("gloss"), r.uniform(1, 1.8)
            for z in np.arange(0.8, tall - 1, 1.7) if y < 20 else ():
                for a in np.arange(y + 0.4, y + long - 0.9, gap):
                    lit = pane if r.random() < 0.5 else dark
                    s.box((front - 0.03, a, z), (front + 0.03, a + 0.6, z + r.choice([0.9, 1])), lit)
            y += long + r.choice([0, 0.3, 1.5])
    for y in np.arange(2, 20, r.uniform(3, 7)):
        x = half * 0.75 * r.choice([-1, 1])
        s.add("cylinder", s.material("metal", "gloss"), True, radius=0.05, depth=3, location=(x, y, 1.5))
        s.add("uv_sphere", s.glow(40 if night else 0.5), True, radius=0.15, location=(x, y, 3.1))
    strew(s, r.randint(4, 9), (-half * 0.7, 2), (half * 0.7, 8), 0, (0.2, 0.7))
    for _ in range(12):
        s.look((r.uniform(-half, half) * 0.6, r.uniform(-2, 0), r.uniform(0.8, 2.5)), (0, 7, r.uniform(0.6, 2)))


PLACES = [room, room, room, table_top, table_top, field, street]
