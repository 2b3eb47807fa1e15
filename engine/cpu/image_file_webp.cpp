// SPDX-License-Identifier: GPL-3.0-or-later
// WebP by libwebp.
#include "engine/cpu/image_file.h"

#include <webp/decode.h>

namespace lapidary {

Result<Picture> decodeWebp(FileBytes file)
{
    int width = 0;
    int height = 0;
    if (!WebPGetInfo(file.data(), file.size(), &width, &height))
        return brokenPicture("WebP", "its header is broken");
    TRY_ASSIGN(Picture picture, blankPicture(width, height, 3));
    if (!WebPDecodeRGBInto(file.data(), file.size(), picture.pixels.data(), picture.pixels.size(), width * 3))
        return brokenPicture("WebP", "its data is broken");
    return picture;
}

} // namespace lapidary
