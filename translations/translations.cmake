# SPDX-License-Identifier: GPL-3.0-or-later
# Included by ui: compiles the .ts files and puts them into the program as :/translations/*.qm.
# English needs a file as well: it holds the plural forms.
qt_add_lrelease(ui
    TS_FILES ${CMAKE_SOURCE_DIR}/translations/lapidary_en.ts ${CMAKE_SOURCE_DIR}/translations/lapidary_es.ts
    QM_FILES_OUTPUT_VARIABLE translation_files)
list(GET translation_files 0 first_translation)
cmake_path(GET first_translation PARENT_PATH translation_folder)
qt_add_resources(ui translations PREFIX /translations BASE ${translation_folder} FILES ${translation_files})
