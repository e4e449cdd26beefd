"""The net of Program.cs in PyTorch: its initial weights, its order of pictures, the same optimizer.
   python3 torch_twin.py /usr/share/datasets/fashion-mnist 5 shared"""
import gzip, os, sys, time
import numpy as np
import torch
from torch import nn

folder, epochs, shared = sys.argv[1], int(sys.argv[2]), sys.argv[3]
torch.set_num_threads(int(os.environ.get("THREADS", os.cpu_count())))


def idx(name):
    data = gzip.open(f"{folder}/{name}.gz").read()
    shape = [int.from_bytes(data[4 + 4 * i:8 + 4 * i], "big") for i in range(data[3])]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * len(shape)).reshape(shape)


def pictures(name):
    return torch.from_numpy(idx(name).astype(np.float32) / 255).unsqueeze(1)


x, y = pictures("train-images-idx3-ubyte"), torch.from_numpy(idx("train-labels-idx1-ubyte").astype(np.int64))
tx, ty = pictures("t10k-images-idx3-ubyte"), torch.from_numpy(idx("t10k-labels-idx1-ubyte").astype(np.int64))
net = nn.Sequential(
    nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(7 * 7 * 64, 128), nn.ReLU(), nn.Linear(128, 10))
start = np.load(f"{shared}/start.npz")
with torch.no_grad():
    for layer, name in ((net[0], "conv1"), (net[3], "conv2"), (net[7], "fc1"), (net[9], "fc2")):
        w = start[f"model/{name}/W"]
        if w.ndim == 4:  # [R, S, I, O] to (O, I, R, S)
            w = w.transpose(3, 2, 0, 1)
        elif name == "fc1":  # rows H, W, C to C, H, W
            w = w.reshape(7, 7, 64, 128).transpose(3, 2, 0, 1).reshape(128, -1)
        else:
            w = w.T
        layer.weight.copy_(torch.from_numpy(np.ascontiguousarray(w)))
        layer.bias.copy_(torch.from_numpy(start[f"model/{name}/b"]))
adam, loss_of = torch.optim.Adam(net.parameters(), 1e-3), nn.CrossEntropyLoss()
orders = np.load(f"{shared}/order.npz")
for epoch in range(epochs):
    began, total, right = time.perf_counter(), 0.0, 0
    order = torch.from_numpy(orders[f"epoch{epoch}"].astype(np.int64))
    for first in range(0, len(order), 128):
        batch = order[first:first + 128]
        scores = net(x[batch])
        loss = loss_of(scores, y[batch])
        adam.zero_grad()
        loss.backward()
        adam.step()
        total += loss.item() * len(batch)
        right += (scores.argmax(1) == y[batch]).sum().item()
    with torch.no_grad():
        scores = torch.cat([net(tx[i:i + 500]) for i in range(0, len(tx), 500)])
    seconds = time.perf_counter() - began
    print(f"epoch {epoch + 1}/{epochs}  loss {total / len(x):.4f}  accuracy {right / len(x):.4f}  val_loss {loss_of(scores, ty).item():.4f}  "
          f"val_accuracy {(scores.argmax(1) == ty).float().mean().item():.4f}  {seconds:.1f} s", flush=True)
