"""Renders one scene's ladder, inside Blender 3.4 (renders.py starts it): SEED OUT THREADS."""
import math
import os
import sys
from pathlib import Path

import bpy
import numpy as np
from mathutils import Vector

sys.path.insert(0, str(Path(__file__).parents[1]))
from renders import COUNTS, names
from scene.places import PLACES
from scene.stage import Stage

SIZE = 256


def set_camera(s: Stage) -> None:
    """Of the places that the setting names, the one that sees most and has nothing close before the lens."""
    data = bpy.data.cameras.new("camera")
    camera = s.scene.camera = bpy.data.objects.new("camera", data)
    s.scene.collection.objects.link(camera)
    data.lens = s.between(22, 50)
    bpy.context.view_layer.update()
    graph, best = bpy.context.evaluated_depsgraph_get(), -1.0
    for eye, target in s.eyes:
        turn = (target - eye).to_track_quat("-Z", "Y")
        far, seen, close = (target - eye).length, set(), 0
        for i, j in np.ndindex(9, 9):
            ray = turn @ Vector(((i - 4) / 4 * 18 / data.lens, (j - 4) / 4 * 18 / data.lens, -1)).normalized()
            hit, place, _, _, what, _ = s.scene.ray_cast(graph, eye, ray)
            if hit:
                seen.add(what.name)
                close += (place - eye).length < far * 0.25
        if (score := len(seen) / (1 + close)) > best:
            best, camera.location, camera.rotation_euler = score, eye, turn.to_euler()
            data.dof.focus_distance = far * s.r.uniform(0.7, 1.1)
    data.dof.use_dof = s.r.random() < 0.35
    near_by = s.eyes[0][0].z < 1.2 and data.dof.focus_distance < 2.5
    data.dof.aperture_fstop = s.between(0.05, 0.5) if near_by else s.between(0.3, 2)


def set_renderer(s: Stage, threads: int) -> None:
    render, cycles, r = s.scene.render, s.scene.cycles, s.r
    render.threads_mode, render.threads = "FIXED", threads
    render.use_persistent_data, render.dither_intensity = True, 0
    cycles.use_adaptive_sampling = cycles.use_denoising = False
    cycles.max_bounces = r.choice([3, 5, 8])
    cycles.caustics_reflective = cycles.caustics_refractive = r.random() < 0.5
    cycles.blur_glossy, cycles.sample_clamp_indirect = r.choice([0, 1]), r.choice([0, 0, 10])
    view = s.scene.view_settings
    view.view_transform = r.choice(["Filmic", "Filmic", "Standard"])
    if view.view_transform == "Filmic":
        view.look = r.choice(["None", "None", "Medium High Contrast", "High Contrast"])


def samples(s: Stage, size: int, count: int, seed: int, file: str) -> np.ndarray:
    """Linear light, RGBA, rows from the bottom."""
    s.scene.render.resolution_x = s.scene.render.resolution_y = size
    s.scene.cycles.samples, s.scene.cycles.seed = count, seed
    s.scene.render.filepath = file
    form = s.scene.render.image_settings
    form.file_format, form.color_mode, form.color_depth = "OPEN_EXR", "RGBA", "32"
    bpy.ops.render.render(write_still=True)
    image = bpy.data.images.load(file)
    pixels = np.empty(size * size * 4, np.float32)
    image.pixels.foreach_get(pixels)
    bpy.data.images.remove(image)
    os.remove(file)
    return pixels.reshape(-1, 4)


def expose(s: Stage, light: np.ndarray) -> None:
    """The middle at a tone drawn by lot; all but the brightest tenth within what the view transform still tells apart."""
    luminance = light[:, :3] @ [0.2126, 0.7152, 0.0722]
    middle = math.exp(np.log(luminance + 1e-3 * luminance.mean() + 1e-9).mean())
    most = 0.8 if s.scene.view_settings.view_transform == "Standard" else 3
    factor = min(s.between(0.08, 0.25) / middle, most / np.quantile(luminance, 0.9))
    s.scene.view_settings.exposure = max(-10, min(10, math.log2(factor)))


def ladder(s: Stage, seed: int, out: Path) -> None:
    """Each rung is the mean of all samples so far; every chunk has a seed of its own."""
    scratch = str(out / f"{seed}.exr")
    expose(s, samples(s, 64, 64, 0, scratch))
    total, image = 0.0, bpy.data.images.new("mean", SIZE, SIZE, float_buffer=True)
    for before, count, name in zip([0, *COUNTS], COUNTS, names(seed)):
        total = total + samples(s, SIZE, count - before, 1000 * seed + count, scratch).astype(float) * (count - before)
        image.pixels.foreach_set((total / count).astype(np.float32).ravel())
        form = s.scene.render.image_settings
        form.file_format, form.color_mode, form.color_depth = "PNG", "RGB", "8"
        image.save_render(scratch)
        os.replace(scratch, out / name)


def main() -> None:
    seed, out, threads = sys.argv[sys.argv.index("--") + 1 :]
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.context.scene.render.engine = "CYCLES"
    s = Stage(int(seed))
    s.r.choice(PLACES)(s)
    set_camera(s)
    set_renderer(s, int(threads))
    ladder(s, int(seed), Path(out))


main()
