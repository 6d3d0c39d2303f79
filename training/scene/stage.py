"""A scene under construction: shapes, surfaces and light. Lengths are metres, z points up, the camera looks along y."""
import math
from colorsys import hsv_to_rgb

import bpy
from mathutils import Matrix, Vector

from scene.palette import Palette


class Stage(Palette):
    def __init__(self, seed: int):
        super().__init__(seed)
        self.eyes: list[tuple[Vector, Vector]] = []  # where the camera could stand, and what it would look at
        self.scene = bpy.context.scene

    def add(self, shape, material, smooth=False, **how):
        getattr(bpy.ops.mesh, f"primitive_{shape}_add")(**how)
        made = bpy.context.object
        made.data.materials.append(material)
        made.data.polygons.foreach_set("use_smooth", [smooth] * len(made.data.polygons))
        return made

    def box(self, low, high, material, turn=0.0):
        """The mesh itself has the box's size, so that patterns are not stretched."""
        middle = [(a + b) / 2 for a, b in zip(low, high)]
        made = self.add("cube", material, size=1, location=middle, rotation=(0, 0, turn))
        made.data.transform(Matrix.Diagonal((*[b - a for a, b in zip(low, high)], 1)))
        return made

    def displace(self, made, grain, strength):
        texture = bpy.data.textures.new("clouds", "CLOUDS")
        texture.noise_scale, texture.noise_depth = grain, 4
        modifier = made.modifiers.new("displace", "DISPLACE")
        modifier.texture, modifier.strength, modifier.texture_coords = texture, strength, "GLOBAL"

    def hair(self, made, count, length, width, material=None):
        made.data.materials.append(material or self.material("matte", "gloss"))
        hair = made.modifiers.new("hair", "PARTICLE_SYSTEM").particle_system.settings
        hair.type, hair.count, hair.material = "HAIR", count, 2
        hair.hair_length, hair.brownian_factor = length, length / 4
        hair.child_type, hair.rendered_child_count = "INTERPOLATED", 6
        hair.radius_scale = width

    def sky(self, low, high, night=False):
        """A clear sky with the sun between two heights, or an even one; the night's is dark."""
        world = self.scene.world = bpy.data.worlds.new("world")
        world.use_nodes = True
        nodes = world.node_tree.nodes
        light = nodes["Background"]
        light.inputs["Color"].default_value = (*hsv_to_rgb(0.6, self.r.uniform(0, 0.5), 1), 1)
        light.inputs["Strength"].default_value = self.between(0.02, 0.1) if night else self.r.uniform(0.5, 1.5)
        if not night and self.r.random() < 0.75:
            sky = nodes.new("ShaderNodeTexSky")
            sky.sun_elevation, sky.sun_rotation = self.r.uniform(low, high), self.r.uniform(0, 6.3)
            sky.sun_disc, sky.sun_size = self.r.random() < 0.7, math.radians(self.between(0.5, 3))
            world.node_tree.links.new(sky.outputs[0], light.inputs["Color"])
            light.inputs["Strength"].default_value = self.r.uniform(0.1, 0.3)

    def light(self, place, target, power):
        bpy.ops.object.light_add(type=self.r.choice(["AREA", "AREA", "SPOT", "POINT"]), location=place)
        lamp = bpy.context.object
        lamp.rotation_euler = (Vector(target) - Vector(place)).to_track_quat("-Z", "Y").to_euler()
        lamp.data.energy = power
        lamp.data.color = [self.r.uniform(0.5, 1) for _ in range(3)]
        if lamp.data.type == "AREA":
            lamp.data.size = self.between(0.1, 1.2)
        else:
            lamp.data.shadow_soft_size = self.between(0.01, 0.3)

    def portal(self, middle, size):
        """Tells Cycles to look for the sky's light in this window, whose inside is towards -x."""
        bpy.ops.object.light_add(type="AREA", location=middle, rotation=(0, math.pi / 2, 0))
        portal = bpy.context.object.data
        portal.shape, (portal.size_y, portal.size) = "RECTANGLE", size
        portal.cycles.is_portal = True

    def fog(self, low, high, density):
        air = bpy.data.materials.new("fog")
        air.use_nodes = True
        tree = air.node_tree
        tree.nodes.clear()
        self.box(low, high, air)
        scatter, output = tree.nodes.new("ShaderNodeVolumeScatter"), tree.nodes.new("ShaderNodeOutputMaterial")
        scatter.inputs["Density"].default_value = density
        tree.links.new(scatter.outputs[0], output.inputs["Volume"])

    def look(self, eye, target):
        self.eyes.append((Vector(eye), Vector(target)))
