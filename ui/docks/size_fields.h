// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: sizes for the dimensions that a model names and leaves open: work and memory of a run are
// counted for them.
#pragma once

#include "engine/ir/model.h"

#include <QWidget>

namespace lapidary {

class FlowLayout;

using DimSizes = std::map<std::string, int64_t>;
// The names in the inputs that somebody must feed, each with size 1.
DimSizes openDims(const Model& model);

class SizeFields : public QWidget {
    Q_OBJECT
public:
    explicit SizeFields(QWidget* parent = nullptr);

    void setSizes(const DimSizes& sizes);
    const DimSizes& sizes() const { return m_sizes; }

signals:
    void changed();

private:
    DimSizes m_sizes;
    FlowLayout* m_flow;
};

} // namespace lapidary
