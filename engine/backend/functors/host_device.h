// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: marks functions that run on the CPU and, compiled by nvcc, on a GPU.
#pragma once

#ifdef __CUDACC__
#define LAPIDARY_HOST_DEVICE __host__ __device__
#else
#define LAPIDARY_HOST_DEVICE
#endif
