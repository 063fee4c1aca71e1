"""Compares what an engine made of bench/agreement/cases.ts with public code: LibMTL and torch-rechub.

Prints the largest difference of each comparison; the exit code is 1 if one is above its limit.
Reads the cases from the file given.
"""

import importlib.util
import json
import sys
import types

import torch
from torch import nn

LIMIT = 2e-5  # single precision on both sides
failed = []


def load_package(name):
    """The package without its __init__, which imports what newer torchvision no longer has."""
    spec = importlib.util.find_spec(name)
    if spec is None:
        return False
    package = types.ModuleType(name)
    package.__path__ = list(spec.submodule_search_locations)
    sys.modules[name] = package
    return True


def tensor(entry):
    return torch.tensor(entry["data"]).reshape(entry["shape"])


def report(what, ours, theirs):
    difference = (torch.as_tensor(ours) - torch.as_tensor(theirs)).abs().max().item()
    good = difference <= LIMIT
    print(f"{'ok ' if good else 'BAD'} {what}: largest difference {difference:.1e}")
    if not good:
        failed.append(what)


def linear(weights, name, bias=True):
    weight = tensor(weights[name + ".weight"])
    layer = nn.Linear(weight.shape[0], weight.shape[1], bias=bias)
    layer.weight.data = weight.t().contiguous()
    if bias:
        layer.bias.data = tensor(weights[name + ".bias"])
    return layer


def put_linear(layer, weights, name):
    layer.load_state_dict(linear(weights, name).state_dict())


def put_normalization(layer, weights, name):
    layer.weight.data = tensor(weights[name + ".scale"])
    layer.bias.data = tensor(weights[name + ".shift"])
    layer.running_mean.data = tensor(weights[name + ".mean"])
    layer.running_var.data = tensor(weights[name + ".variance"])


def layers_of(weights, name):
    count = 0
    while f"{name}.layers.{count}.weight" in weights:
        count += 1
    return count


def mlp(weights, name):
    parts = []
    for j in range(layers_of(weights, name)):
        parts += [linear(weights, f"{name}.layers.{j}"), nn.ReLU()]
    return nn.Sequential(*parts)


def decoders(weights, tasks):
    tower = lambda t: nn.Sequential(mlp(weights, f"towers.{t}"), linear(weights, f"towers.{t}.output"))
    return nn.ModuleDict({t: tower(t) for t in tasks})


TASKS = ["one", "two"]


class Shape(nn.Module):
    """Stands for an encoder class: hands out the given networks one after another."""

    def __init__(self, networks):
        super().__init__()
        self.networks = iter(networks)

    def __call__(self):
        return next(self.networks)


def libmtl_mmoe(case, arch):
    w = case["weights"]
    experts = [mlp(w, f"levels.0.experts.{e}") for e in range(4)]
    sizes = {"img_size": [12], "num_experts": [4]}
    model = arch.MMoE(TASKS, Shape(experts), decoders(w, TASKS), False, False, "cpu", **sizes)
    for g, task in enumerate(TASKS):
        put_linear(model.gate_specific[task][0], w, f"levels.0.gates.{g}")
    return model


def libmtl_cgc(case, arch):
    w = case["weights"]
    # Its constructor makes the shared experts first, then each task's; a gate weighs the shared ones first,
    # ours the task's own.
    shared = [mlp(w, f"levels.0.experts.{e}") for e in (4, 5, 6)]
    own = [mlp(w, f"levels.0.experts.{e}") for e in (0, 1, 2, 3)]
    sizes = {"img_size": [12], "num_experts": [3, 2, 2]}
    model = arch.CGC(TASKS, Shape(shared + own), decoders(w, TASKS), False, False, "cpu", **sizes)
    for g, task in enumerate(TASKS):
        layer = linear(w, f"levels.0.gates.{g}")
        order = [2, 3, 4, 0, 1]
        gate = model.gate_specific[task][0]
        gate.weight.data = layer.weight.data[order]
        gate.bias.data = layer.bias.data[order]
    return model


class Stages(nn.Module):
    """Five layers under the names that LibMTL's cross-stitch network looks for."""

    def __init__(self, weights, task):
        super().__init__()
        layer = lambda level: linear(weights, f"levels.{level}.experts.{task}.layers.0")
        stage = lambda level: nn.Sequential(layer(level), nn.ReLU())
        self.conv1 = stage(0)
        self.bn1 = self.relu = self.maxpool = nn.Identity()
        self.layer1, self.layer2, self.layer3, self.layer4 = (stage(level) for level in (1, 2, 3, 4))


def libmtl_cross_stitch(case, arch):
    w = case["weights"]
    stages = Shape([Stages(w, 0), Stages(w, 1)])
    model = arch.Cross_stitch(TASKS, stages, decoders(w, TASKS), False, False, "cpu")
    rows = [tensor(w[f"levels.{level}.routes.0.constants"]) for level in (1, 2, 3)]
    model.encoder.cross_unit.data[:3] = torch.stack(rows)
    return model


def rechub_features():
    from torch_rechub.basic.features import DenseFeature

    return [DenseFeature(f"x{i}") for i in range(12)]


def put_rechub_mlp(module, weights, name, output=None):
    parts = list(module.mlp)
    for j in range(layers_of(weights, name)):
        put_linear(parts[4 * j], weights, f"{name}.layers.{j}")
        put_normalization(parts[4 * j + 1], weights, f"{name}.layers.{j}")
    if output is not None:
        put_linear(parts[-1], weights, output)


def put_rechub_gate(module, weights, name):
    """Copies a gate. Its gates normalise, ours do not: at first, that divides by a constant."""
    put_linear(module.mlp[0], weights, name)
    factor = (1 + module.mlp[1].eps) ** 0.5
    module.mlp[0].weight.data *= factor
    module.mlp[0].bias.data *= factor


def rechub_mmoe(case):
    from torch_rechub.models.multi_task.mmoe import MMOE

    w = case["weights"]
    model = MMOE(rechub_features(), ["regression"] * 2, 4, {"dims": [9, 6]}, [{"dims": [5]}] * 2)
    for e in range(4):
        put_rechub_mlp(model.experts[e], w, f"levels.0.experts.{e}")
    for g, task in enumerate(TASKS):
        put_rechub_gate(model.gates[g], w, f"levels.0.gates.{g}")
        put_rechub_mlp(model.towers[g], w, f"towers.{task}", f"towers.{task}.output")
    return model.eval()


def rechub_ple(case):
    from torch_rechub.models.multi_task.ple import PLE

    w = case["weights"]
    model = PLE(rechub_features(), ["regression"] * 2, 3, 2, 1, {"dims": [8, 6]}, [{"dims": [5]}] * 2)
    for level, cgc in enumerate(model.cgc_layers):
        for e in range(4):
            put_rechub_mlp(cgc.experts_specific[e], w, f"levels.{level}.experts.{e}")
        put_rechub_mlp(cgc.experts_shared[0], w, f"levels.{level}.experts.4")
        for g in range(2):
            put_rechub_gate(cgc.gates_specific[g], w, f"levels.{level}.gates.{g}")
        if level < 2:
            put_rechub_gate(cgc.gate_shared, w, f"levels.{level}.gates.2")
    for g, task in enumerate(TASKS):
        put_rechub_mlp(model.towers[g], w, f"towers.{task}", f"towers.{task}.output")
    return model.eval()


def losses_of(outputs, labels):
    return torch.stack([((outputs[t].squeeze(-1) - labels[:, k]) ** 2).mean() for k, t in enumerate(TASKS)])


def expert_gradients(gradients, experts=4):
    """In the order of the model's parameters: each expert's layers, weight and bias."""
    parts = []
    for e in range(experts):
        for j in range(layers_of(gradients, f"levels.0.experts.{e}")):
            name = f"levels.0.experts.{e}.layers.{j}"
            parts += [tensor(gradients[name + ".weight"]).t().reshape(-1), tensor(gradients[name + ".bias"])]
    return torch.cat(parts)


def compare_training(name, case, build, x, labels):
    """Uncertainty weighting and PCGrad, through the model's own gradients of the experts' weights."""
    from LibMTL.weighting.UW import UW
    from LibMTL.weighting.PCGrad import PCGrad

    for method, ours in ((UW, "gradients"), (PCGrad, "projected")):
        model = build(case)
        weighting = method()
        weighting.task_num, weighting.device, weighting.rep_grad = 2, "cpu", False
        weighting.init_param()
        if method is UW:
            weighting.loss_scale.data = torch.tensor(case["logVariances"])
        weighting.get_share_params = lambda: model.get_share_params()
        # Newer torch sets gradients to None where LibMTL expects zeros.
        weighting.zero_grad_share_params = lambda: model.experts_shared.zero_grad(set_to_none=False)
        losses = losses_of(model(x), labels)
        report(f"{name}, losses", case["losses"], losses.detach())
        factors = weighting.backward(losses)
        theirs = torch.cat([p.grad.reshape(-1) for p in model.get_share_params()])
        title = "uncertainty weighting" if method is UW else "PCGrad"
        report(f"{name}, gradients with {title}", expert_gradients(case[ours]), theirs)
        if method is UW:
            wanted = [0.5 - 0.5 * f * 2 * l for f, l in zip(factors, losses.tolist())]
            report(f"{name}, gradients of the log variances", wanted, weighting.loss_scale.grad)


def compare_average(case):
    from LibMTL.weighting.DWA import DWA

    weighting = DWA()
    weighting.task_num, weighting.device = 2, "cpu"
    weighting.train_loss_buffer = torch.tensor(case["epochs"]).t().numpy()
    for epoch, ours in enumerate(case["weights"]):
        weighting.epoch = epoch
        losses = torch.ones(2, requires_grad=True)
        report(f"dynamic weight average, epoch {epoch + 1}", ours, weighting.backward(losses, T=2.0))


def main(path):
    with open(path) as file:
        given = json.load(file)
    x = torch.tensor(given["x"]).reshape(given["rows"], given["inputs"])
    labels = torch.tensor(given["labels"]).reshape(given["rows"], 2)
    networks = {case["name"]: case for case in given["networks"]}
    print(f"engine: {given['networks'][0]['engine']}")
    if load_package("LibMTL"):
        import LibMTL.architecture as arch

        builders = {"mmoe": libmtl_mmoe, "cgc": libmtl_cgc, "cross-stitch": libmtl_cross_stitch}
        for name, build in builders.items():
            outputs = build(networks[name], arch)(x)
            for k, task in enumerate(TASKS):
                theirs = outputs[task].detach().squeeze(-1)
                report(f"{name} against LibMTL, task {task}", networks[name]["predictions"][k], theirs)
        rebuild = lambda case: libmtl_mmoe(case, arch)
        compare_training("mmoe against LibMTL", networks["mmoe"], rebuild, x, labels)
        compare_average(given["average"])
    else:
        print("skipped: LibMTL is not installed")
    if importlib.util.find_spec("torch_rechub") is not None:
        columns = {f"x{i}": x[:, i] for i in range(12)}
        builders = {"mmoe with batch normalization": rechub_mmoe, "ple with batch normalization": rechub_ple}
        for name, build in builders.items():
            outputs = build(networks[name])(columns).detach()
            for k, task in enumerate(TASKS):
                title = f"{name} against torch-rechub, task {task}"
                report(title, networks[name]["predictions"][k], outputs[:, k])
    else:
        print("skipped: torch-rechub is not installed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
