"""Writes partial_edges.h5: chunks that hang over the edge skip the filters (H5D_CHUNK_DONT_FILTER_PARTIAL_CHUNKS).

h5py has no call for H5Pset_chunk_opts, so the HDF5 library that it loaded is asked through ctypes. Made with h5py 3.7.0, HDF5 1.10.8.
"""
import ctypes
import re
import sys

import h5py
import numpy

library = re.search(r"\S*/libhdf5\S*", "".join(line for line in open("/proc/self/maps") if "libhdf5" in line and "_hl" not in line)).group()
hdf5 = ctypes.CDLL(library)
hdf5.H5Pset_chunk_opts.argtypes = [ctypes.c_int64, ctypes.c_uint]
values = numpy.arange(7 * 9, dtype="<f4").reshape(7, 9)
with h5py.File(sys.argv[1], "w", libver="latest") as f:
    for name, most in [("fixed", (7, 9)), ("growing", (None, 9)), ("both", (None, None))]:
        settings = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        settings.set_chunk((4, 4))
        settings.set_deflate(6)
        settings.set_obj_track_times(False)
        assert hdf5.H5Pset_chunk_opts(settings.id, 2) >= 0
        space = h5py.h5s.create_simple((7, 9), tuple(h5py.h5s.UNLIMITED if m is None else m for m in most))
        dataset = h5py.h5d.create(f.id, name.encode(), h5py.h5t.IEEE_F32LE, space, dcpl=settings)
        h5py.Dataset(dataset)[...] = values
