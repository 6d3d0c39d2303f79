"""Colours and materials of one scene."""
import math
import random
from colorsys import hsv_to_rgb

import bpy

PATTERNS = ["Noise", "Checker", "Brick", "Voronoi", "Wave", "Magic"]
KINDS = ["matte", "matte", "gloss", "metal", "glass", "coat", "wax", "cloth", "pattern", "pattern", "pattern"]


class Palette:
    def __init__(self, seed: int):
        self.r = random.Random(seed)
        self.hues = [self.r.random() for _ in range(3)]

    def between(self, low, high):
        """Even on a logarithmic scale."""
        return math.exp(self.r.uniform(math.log(low), math.log(high)))

    def colour(self, most=0.75):
        hue = self.r.choice(self.hues) + self.r.gauss(0, 0.04)
        return (*hsv_to_rgb(hue % 1, self.r.uniform(0, most), self.r.uniform(0.15, 0.85)), 1)

    def material(self, *kinds):
        r, kind = self.r, self.r.choice(kinds or KINDS)
        made = bpy.data.materials.new(kind)
        made.use_nodes = True
        nodes, link = made.node_tree.nodes, made.node_tree.links.new
        shader = nodes["Principled BSDF"]
        special = {
            "gloss": {"Roughness": r.uniform(0.02, 0.3)},
            "metal": {"Metallic": 1, "Roughness": r.uniform(0.02, 0.45), "Anisotropic": r.choice([0, 0.8])},
            "mirror": {"Metallic": 1, "Roughness": 0, "Base Color": (0.9, 0.9, 0.9, 1)},
            "glass": {"Transmission": 1, "Roughness": r.choice([0, 0, 0.15]), "IOR": 1.45, "Base Color": (0.93, 0.96, 0.98, 1)},
            "coat": {"Clearcoat": 1, "Clearcoat Roughness": 0.03},
            "wax": {"Subsurface": 0.3, "Subsurface Radius": (0.1, 0.05, 0.03)},
            "cloth": {"Sheen": 1, "Specular": 0.1},
        }.get(kind, {})
        for name, value in ({"Base Color": self.colour(), "Roughness": r.uniform(0.35, 0.9)} | special).items():
            shader.inputs[name].default_value = value
        if kind == "pattern":
            self.draw_pattern(nodes, link, shader)
        return made

    def draw_pattern(self, nodes, link, shader):
        r, name = self.r, self.r.choice(PATTERNS)
        texture, mix = nodes.new(f"ShaderNodeTex{name}"), nodes.new("ShaderNodeMixRGB")
        texture.inputs["Scale"].default_value = self.between(1, 5) if name == "Brick" else self.between(2, 30)
        link(nodes.new("ShaderNodeTexCoord").outputs["Object"], texture.inputs["Vector"])
        share = texture.outputs["Distance" if name == "Voronoi" else "Fac"]
        link(share, mix.inputs["Fac"])
        mix.inputs[1].default_value, mix.inputs[2].default_value = self.colour(), self.colour()
        link(mix.outputs[0], shader.inputs["Base Color"])
        if r.random() < 0.5:
            bump = nodes.new("ShaderNodeBump")
            bump.inputs["Strength"].default_value = r.uniform(0.1, 0.6)
            bump.inputs["Distance"].default_value = 0.05
            link(share, bump.inputs["Height"])
            link(bump.outputs[0], shader.inputs["Normal"])

    def paint(self, hue=None, spread=0.04):
        """Plain, of a hue near the given one or of the scene's own."""
        made = self.material("matte")
        if hue is not None:
            colour = (*hsv_to_rgb((hue + self.r.gauss(0, spread)) % 1, self.r.uniform(0.3, 0.7), self.r.uniform(0.1, 0.5)), 1)
            made.node_tree.nodes["Principled BSDF"].inputs["Base Color"].default_value = colour
        return made

    def glow(self, strength):
        made = self.material("matte")
        shader = made.node_tree.nodes["Principled BSDF"]
        warm = self.r.random()
        shader.inputs["Emission"].default_value = (1, 0.55 + 0.4 * warm, 0.25 + 0.7 * warm, 1)
        shader.inputs["Emission Strength"].default_value = strength
        return made
