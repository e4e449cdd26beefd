# Runs networks in PyTorch for the benchmarks: one JSON request a line on stdin, one JSON answer a line on stdout.
# Weights are random, only time is measured. Inference runs in eval mode without gradients. Each work is tried in both memory formats at load, and the faster one is timed.
import json
import os
import platform
import re
import sys
import time

try:
    import torch
    from torch import nn
    from torch.nn import functional as F
except ImportError as error:
    print(json.dumps({"error": str(error)}), flush=True)
    sys.exit(1)


def normalised(inputs, outputs, kernel, stride=1, bias=False):
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=bias), nn.BatchNorm2d(outputs))


class Bottleneck(nn.Module):
    # The paper's block: the first 1x1 has the stride.
    def __init__(self, inputs, width, stride, bias):
        super().__init__()
        self.first, self.second, self.third = normalised(inputs, width, 1, stride, bias), normalised(width, width, 3, 1, bias), normalised(width, 4 * width, 1, 1, bias)
        self.shortcut = nn.Identity() if inputs == 4 * width else normalised(inputs, 4 * width, 1, stride, bias)

    def forward(self, x):
        h = torch.relu_(self.first(x))
        h = torch.relu_(self.second(h))
        return torch.relu_(self.third(h).add_(self.shortcut(x)))


def stages(bias):
    result, inputs = [], 64
    for width, count, stride in ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)):
        result.append(nn.Sequential(*[Bottleneck(inputs if i == 0 else 4 * width, width, stride if i == 0 else 1, bias) for i in range(count)]))
        inputs = 4 * width
    return result


def resnet50():
    return nn.Sequential(normalised(3, 64, 7, 2), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, ceil_mode=True), *stages(False), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2048, 1000))


class UNetResNet50(nn.Module):
    # Keras's ResNet50 with biases as encoder; each step up: 1x1 transposed convolution, ReLU, batch norm, the encoder's value beside it, twice 3x3 convolution, ReLU, batch norm.
    def __init__(self):
        super().__init__()
        self.stem, self.pool = nn.Sequential(normalised(3, 64, 7, 2, True), nn.ReLU()), nn.MaxPool2d(3, 2, 1)
        self.stages = nn.ModuleList(stages(True))
        self.ups, self.joins, inputs = nn.ModuleList(), nn.ModuleList(), 2048
        for width, tap in ((1024, 1024), (512, 512), (256, 256), (64, 64)):
            self.ups.append(nn.Sequential(nn.ConvTranspose2d(inputs, width, 1, 2, output_padding=1), nn.ReLU(), nn.BatchNorm2d(width, 1e-3)))
            self.joins.append(nn.Sequential(
                nn.Conv2d(width + tap, width, 3, 1, 1), nn.ReLU(), nn.BatchNorm2d(width, 1e-3), nn.Conv2d(width, width, 3, 1, 1), nn.ReLU(), nn.BatchNorm2d(width, 1e-3)))
            inputs = width
        self.last = nn.Conv2d(64, 3, 3, 1, 1)

    def forward(self, x):
        x = self.stem(x)
        taps, x = [x], self.pool(x)
        for stage in self.stages:
            x = stage(x)
            taps.append(x)
        for up, join, tap in zip(self.ups, self.joins, taps[-2::-1]):
            x = join(torch.cat([up(x), tap], 1))
        return self.last(x)


def vgg16():
    layers, inputs = [], 3
    for width, count in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(count):
            layers += [nn.Conv2d(inputs, width, 3, 1, 1), nn.ReLU(inplace=True)]
            inputs = width
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(25088, 4096), nn.ReLU(inplace=True), nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(inplace=True), nn.Dropout(), nn.Linear(4096, 1000))


def activated(inputs, outputs, kernel, stride=1):
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2), nn.ReLU(inplace=True))


class Inception(nn.Module):
    def __init__(self, inputs, conv1, proj3, conv3, proj5, conv5, projp):
        super().__init__()
        self.branches = nn.ModuleList([
            activated(inputs, conv1, 1),
            nn.Sequential(activated(inputs, proj3, 1), activated(proj3, conv3, 3)),
            nn.Sequential(activated(inputs, proj5, 1), activated(proj5, conv5, 5)),
            nn.Sequential(nn.MaxPool2d(3, 1, 1), activated(inputs, projp, 1))])

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.branches], 1)


def googlenet():
    pool = lambda: nn.MaxPool2d(3, 2, ceil_mode=True)
    return nn.Sequential(
        activated(3, 64, 7, 2), pool(), nn.LocalResponseNorm(5), activated(64, 64, 1), activated(64, 192, 3), nn.LocalResponseNorm(5), pool(),
        Inception(192, 64, 96, 128, 16, 32, 32), Inception(256, 128, 128, 192, 32, 96, 64), pool(),
        Inception(480, 192, 96, 208, 16, 48, 64), Inception(512, 160, 112, 224, 24, 64, 64), Inception(512, 128, 128, 256, 24, 64, 64),
        Inception(512, 112, 144, 288, 32, 64, 64), Inception(528, 256, 160, 320, 32, 128, 128), pool(),
        Inception(832, 256, 160, 320, 32, 128, 128), Inception(832, 384, 192, 384, 48, 128, 128),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.4), nn.Linear(1024, 1000))


NETWORKS = {"resnet50": resnet50, "vgg16": vgg16, "googlenet": googlenet, "unet-resnet50": UNetResNet50}
FORMATS = {"contiguous": torch.contiguous_format, "channels last": torch.channels_last}


def network(request, layout):
    net = NETWORKS[request["net"]]().eval().to(memory_format=layout)
    x = torch.rand(request["batch"], 3, 224, 224).to(memory_format=layout)

    def run():
        with torch.no_grad():
            net(x)
    return run


def training(request, layout):
    net = NETWORKS[request["net"]]().train().to(memory_format=layout)
    x = torch.rand(request["batch"], 3, 224, 224).to(memory_format=layout)
    with torch.no_grad():
        shape = net(x).shape
    labels = torch.arange(shape.numel() // shape[1]).reshape(shape[0], *shape[2:]) % shape[1]
    optimizer = torch.optim.SGD(net.parameters(), lr=1e-3, momentum=0.9)

    def run():
        optimizer.zero_grad(set_to_none=True)
        F.cross_entropy(net(x), labels).backward()
        optimizer.step()
    return run


def convolution(request, layout):
    g = request
    x = torch.rand(g["batch"], g["channels"], g["size"], g["size"]).to(memory_format=layout)
    w = torch.rand(g["filters"], g["channels"], g["kernel"], g["kernel"]).to(memory_format=layout)
    bias = torch.rand(g["filters"])
    stride, pad = (g["stride"],) * 2, (g["kernel"] // 2,) * 2
    y = F.conv2d(x, w, bias, stride, pad)
    wanted = {"forward": None, "input gradient": [True, False, False], "filter gradient": [False, True, False]}[g["direction"]]

    def run():
        with torch.no_grad():
            if wanted is None:
                torch.relu_(F.conv2d(x, w, bias, stride, pad))
            else:
                torch.ops.aten.convolution_backward(y, x, w, None, stride, pad, (1, 1), False, (0, 0), 1, wanted)
    return run


def product(request, layout):
    a, b = torch.rand(request["m"], request["k"]), torch.rand(request["k"], request["n"])
    y = torch.empty(request["m"], request["n"])
    return lambda: torch.mm(a, b, out=y)


KINDS = {"network": (network, FORMATS), "training": (training, FORMATS), "convolution": (convolution, FORMATS), "product": (product, {"contiguous": torch.contiguous_format})}


def timed(run, times):
    milliseconds = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        milliseconds.append((time.perf_counter() - start) * 1e3)
    return milliseconds


def blas():
    # The one that is loaded; behind the plain name libblas stands whatever the system's alternatives chose.
    try:
        with open("/proc/self/maps") as maps:
            names = {os.path.basename(os.path.realpath(line.split()[-1])) for line in maps if "/" in line}
    except OSError:
        return "unknown"
    names = sorted(name for name in names if re.search(r"blas|mkl_rt|blis", name))
    tuned = [name for name in names if not name.startswith(("libblas", "libcblas"))]
    return ", ".join(tuned or names) or "none loaded"


def peak(run):
    # Linux: writing 5 sets the high-water mark of resident memory back to what is resident now.
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")
    run()
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM:"))


works = {}


def handle(request):
    if request["do"] == "load":
        torch.set_num_threads(request["threads"])
        build, formats = KINDS[request["kind"]]
        best = None
        for name, layout in formats.items():
            run = build(request, layout)
            timed(run, 1)
            fastest = min(timed(run, 2))
            if best is None or fastest < best[0]:
                best = (fastest, name, run)
        works[request["id"]] = best[2]
        return {"settings": best[1]}
    if request["do"] == "run":
        return {"ms": timed(works[request["id"]], request["times"])}
    if request["do"] == "peak":
        return {"bytes": peak(works[request["id"]])}
    if request["do"] == "unload":
        del works[request["id"]]
        return {}
    raise ValueError("unknown request " + request["do"])


torch.manual_seed(1)
torch.mm(torch.rand(2, 2), torch.rand(2, 2))
print(json.dumps({"version": torch.__version__, "settings": f"Python {platform.python_version()}, BLAS {blas()}, its kernels {os.environ.get('OPENBLAS_CORETYPE', 'as it finds')}, oneDNN {torch.backends.mkldnn.is_available()}"}), flush=True)
for line in sys.stdin:
    try:
        print(json.dumps(handle(json.loads(line))), flush=True)
    except Exception as error:
        print(json.dumps({"error": str(error).split("\n")[0]}), flush=True)
