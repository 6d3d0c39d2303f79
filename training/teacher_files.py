"""Networks that others trained, from their own files to one form: teacher_files.py FILE OUT.npz.

FILE is a TensorFlow Lite file (needs tensorflow-cpu, in an environment of its own) or the .json of a TensorFlow.js graph
with its weights in one .bin beside it. OUT.npz has each convolution's weight (out, in, height, width) and bias, 8-bit
values as floats, and `layers`: JSON of what follows what, in order.
"""
import base64
import json
import sys
from pathlib import Path

import numpy as np


class Layers:
    """What is written: {op, from, to, ...}; to and from are names of maps, and "input" is (v - shift) / scale of 0..255."""

    def __init__(self, shift: float, scale: float):
        self.arrays: dict[str, np.ndarray] = {}
        self.layers: list[dict] = [{"op": "input", "shift": shift, "scale": scale}]

    def add(self, op: str, to: str, *source: str, **more) -> None:
        self.layers.append({"op": op, "from": source, "to": to, **more})

    def convolution(self, to: str, source: str, weight: np.ndarray, bias: np.ndarray, **more) -> None:
        k = len(self.arrays) // 2
        self.arrays |= {f"weight{k}": weight.astype(np.float32), f"bias{k}": bias.astype(np.float32)}
        self.add("conv", to, source, **more)

    def write(self, path: str) -> None:
        np.savez_compressed(path, layers=json.dumps(self.layers), **{k: v.astype(np.float16) for k, v in self.arrays.items()})
        print(f"{path}: {len(self.arrays) // 2} convolutions")


def tfjs_weights(model: dict, path: Path) -> dict[str, np.ndarray]:
    data, at, weights = path.with_suffix(".bin").read_bytes(), 0, {}
    for entry in (entry for group in model["weightsManifest"] for entry in group["weights"]):
        packed = entry.get("quantization")
        kind = np.dtype(packed["dtype"] if packed else entry["dtype"])
        values = np.frombuffer(data, kind, int(np.prod(entry["shape"])), at)
        at += values.nbytes
        values = values * packed["scale"] + packed["min"] if packed else values
        weights[entry["name"]] = values.reshape(entry["shape"])
    return weights


def of_graph(model: dict, weights: dict[str, np.ndarray]) -> Layers:
    """A MobileNetV2 whose input is -1 to 1."""
    out, seen = Layers(127.5, 127.5), set()
    for node in model["modelTopology"]["node"]:
        op, name, sources, attr = node["op"], node["name"], node.get("input", []), node.get("attr", {})
        if "Conv2" in op:
            kernel, deep = weights[sources[1]], "Depthwise" in op
            kernel = kernel.transpose(2, 3, 0, 1) if deep else kernel.transpose(3, 2, 0, 1)
            fused = [base64.b64decode(text).decode() for text in attr["fused_ops"]["list"]["s"]]
            pad = base64.b64decode(attr["padding"]["s"]).decode().lower()
            out.convolution(
                name, sources[0] if sources[0] in seen else "input", kernel, weights[sources[2]], deep=deep, pad=pad,
                stride=int(attr["strides"]["list"]["i"][1]), act="relu6" if "Relu6" in fused else None,
            )  # fmt: skip
            seen.add(name)
        elif op == "AddV2":
            out.add("add", name, *sources)
            seen.add(name)
        elif op == "AvgPool":
            break
    return out


def of_tflite(path: str) -> Layers:
    from tensorflow.lite.python import schema_py_generated as schema

    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(Path(path).read_bytes(), 0))
    graph, out = model.subgraphs[0], Layers(127.5, 127.5)
    kinds = {schema.TensorType.UINT8: np.uint8, schema.TensorType.INT32: np.int32}

    def values(index: int) -> np.ndarray:
        tensor = graph.tensors[index]
        flat = np.frombuffer(bytes(model.buffers[tensor.buffer].data), kinds[tensor.type])
        return ((flat - float(tensor.quantization.zeroPoint[0])) * tensor.quantization.scale[0]).reshape(tensor.shape)

    def name(index: int) -> str:
        return "input" if index == graph.inputs[0] else str(index)

    ops, activations = schema.BuiltinOperator, {0: None, 1: "relu", 3: "relu6"}
    for operator in graph.operators:
        code = model.operatorCodes[operator.opcodeIndex]
        kind, options = max(code.builtinCode, code.deprecatedBuiltinCode), operator.builtinOptions
        source, to = [name(i) for i in operator.inputs], name(operator.outputs[0])
        if kind in (ops.CONV_2D, ops.DEPTHWISE_CONV_2D):
            deep = kind == ops.DEPTHWISE_CONV_2D
            kernel = values(operator.inputs[1]).transpose((3, 0, 1, 2) if deep else (0, 3, 1, 2))
            act, pad = activations[options.fusedActivationFunction], ("same", "valid")[options.padding]
            out.convolution(to, source[0], kernel, values(operator.inputs[2]), stride=options.strideH, pad=pad, act=act, deep=deep)
        elif kind == ops.ADD:
            out.add("add", to, *source)
        elif kind == ops.AVERAGE_POOL_2D:
            break
    return out


def main() -> None:
    path = Path(sys.argv[1])
    if path.suffix == ".tflite":
        layers = of_tflite(str(path))
    else:
        model = json.loads(path.read_text())
        layers = of_graph(model, tfjs_weights(model, path))
    layers.write(sys.argv[2])


if __name__ == "__main__":
    main()
