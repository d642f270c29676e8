// SPDX-License-Identifier: Apache-2.0

/// The files of the folder `themes`, so that the program needs none.
///
/// A test holds them equal; with UPDATE_GOLDEN=1 it writes this file anew.
enum BuiltInThemes {
  static let texts: [(name: String, text: String)] = [
    (
      "dark",
      #"""
      # SPDX-License-Identifier: Apache-2.0
      # The theme that others are based on: what they do not say is said here.
      palette:
        ground: "#15171c"
        panel: "#20242c"
        raised: "#262b35"
        cursor: "#33456b"
        marked: "#46391c"
        night: "#101216"
        ink: "#e0e3ea"
        soft: "#9299a8"
        line: "#4a5160"
        focus: "#7fb4ff"
        accent: "#7fb4ff"
        good: "#7fcf8a"
        busy: "#62c8d6"
        caution: "#e8c15a"
        danger: "#ff7b7b"
        key: "#8ab8ff"
        string: "#a5d6a7"
        number: "#e0a66b"
      roles:
        text: ink on ground
        dim: soft
        title: ink bold
        accent: accent
        border: line
        borderFocus: focus bold
        rowCursor: ink on cursor
        rowMarked: ink on marked
        header: ink on raised bold
        hint: soft
        hintKey: accent bold
        ok: good
        running: busy
        warn: caution
        bad: danger bold
        stale: soft italic
        readOnly: night on caution bold
        production: night on danger bold
        gaugeFill: busy
        gaugeEmpty: line
        input: ink on raised
        placeholder: soft
        match: accent bold underline
        selection: night on accent
        tab: soft
        tabActive: night on accent bold
        toastInfo: night on good
        toastWarn: night on caution
        toastError: night on danger bold
        dialog: ink on panel
        button: ink on raised
        buttonFocus: night on accent bold
        added: good
        removed: danger
        changed: caution
        yamlKey: key
        yamlString: string
        yamlNumber: number
        yamlComment: soft italic
        band: ink on raised
      # Of sixteen colours or fewer the user of the terminal has chosen the looks: its own ground, and few others.
      sixteen:
        text: default
        dim: default dim
        title: default bold
        accent: bright-cyan
        border: default dim
        borderFocus: bright-cyan bold
        rowCursor: default reverse
        rowMarked: default on blue
        header: default bold underline
        hint: default
        hintKey: bright-cyan bold
        ok: green
        running: cyan
        warn: yellow
        bad: bright-red bold
        stale: default dim
        readOnly: black on yellow
        production: white on red bold
        gaugeFill: cyan
        gaugeEmpty: default dim
        input: default underline
        placeholder: default dim
        match: bright-cyan bold underline
        selection: black on cyan
        tab: default
        tabActive: black on cyan
        toastInfo: black on green
        toastWarn: black on yellow
        toastError: white on red bold
        dialog: default
        button: default
        buttonFocus: black on cyan
        added: green
        removed: red
        changed: yellow
        yamlKey: cyan
        yamlString: green
        yamlNumber: yellow
        yamlComment: default dim
        band: default reverse
      # Where there are no colours, faces alone.
      mono:
        title: bold
        dim: dim
        accent: bold
        borderFocus: bold
        rowCursor: reverse
        rowMarked: underline
        header: bold underline
        hintKey: bold
        warn: bold
        bad: bold underline
        stale: dim
        readOnly: reverse
        production: reverse bold
        input: underline
        placeholder: dim
        match: bold underline
        selection: reverse bold
        tabActive: reverse
        toastInfo: reverse
        toastWarn: reverse bold
        toastError: reverse bold underline
        buttonFocus: reverse
        added: bold
        removed: underline
        changed: bold underline
        yamlKey: bold
        yamlComment: dim
        band: reverse
      """#
    ),
    (
      "light",
      #"""
      # SPDX-License-Identifier: Apache-2.0
      base: dark
      palette:
        ground: "#fafaf8"
        panel: "#f0efeb"
        raised: "#e4e3de"
        cursor: "#bcd4f5"
        marked: "#f3deb0"
        night: "#fdfdfb"
        ink: "#23262d"
        soft: "#636975"
        line: "#a3a8b2"
        focus: "#1f5fbf"
        accent: "#1f5fbf"
        good: "#26733a"
        busy: "#0b6b7c"
        caution: "#855b00"
        danger: "#b3261e"
        key: "#1f5fbf"
        string: "#2e6b34"
        number: "#94500f"
      """#
    ),
    (
      "high-contrast",
      #"""
      # SPDX-License-Identifier: Apache-2.0
      base: dark
      palette:
        ground: "#000000"
        panel: "#000000"
        raised: "#1c1c1c"
        cursor: "#00317a"
        marked: "#5c3a00"
        night: "#000000"
        ink: "#ffffff"
        soft: "#d0d0d0"
        line: "#b8b8b8"
        focus: "#ffff5f"
        accent: "#5fd7ff"
        good: "#5fff87"
        busy: "#5fffff"
        caution: "#ffff5f"
        danger: "#ffafaf"
        key: "#87d7ff"
        string: "#afffaf"
        number: "#ffd787"
      roles:
        borderFocus: focus bold
        warn: caution bold
        bad: danger bold underline
        dialog: ink on panel bold
      """#
    ),
    (
      "colour-blind-safe",
      #"""
      # SPDX-License-Identifier: Apache-2.0
      # The colours of Okabe and Ito, told apart with every kind of colour blindness; bad is underlined besides.
      base: dark
      palette:
        ground: "#15171c"
        panel: "#20242c"
        raised: "#262b35"
        cursor: "#2c4a6e"
        marked: "#4d4326"
        night: "#101216"
        ink: "#e6e6e6"
        soft: "#9a9fa8"
        line: "#4f5560"
        focus: "#56b4e9"
        accent: "#56b4e9"
        good: "#2fb493"
        busy: "#56b4e9"
        caution: "#f0e442"
        danger: "#ef8a3c"
        key: "#56b4e9"
        string: "#63c9ad"
        number: "#e69f00"
      roles:
        bad: danger bold underline
      sixteen:
        ok: cyan
        warn: bright-yellow
        bad: bright-red bold underline
        added: cyan
      """#
    ),
    (
      "terminal-16",
      #"""
      # SPDX-License-Identifier: Apache-2.0
      # The terminal's own sixteen colours, however many it has.
      base: dark
      depth: 16
      """#
    ),
    (
      "mono",
      #"""
      # SPDX-License-Identifier: Apache-2.0
      # No colours on any terminal.
      base: dark
      depth: mono
      """#
    ),
    (
      "dracula",
      #"""
      # SPDX-License-Identifier: Apache-2.0
      # In the manner of Dracula.
      base: dark
      palette:
        ground: "#282a36"
        panel: "#343746"
        raised: "#3a3d4f"
        cursor: "#444869"
        marked: "#4e4a33"
        night: "#21222c"
        ink: "#f8f8f2"
        soft: "#a3add1"
        line: "#6272a4"
        focus: "#bd93f9"
        accent: "#bd93f9"
        good: "#50fa7b"
        busy: "#8be9fd"
        caution: "#f1fa8c"
        danger: "#ff7777"
        key: "#8be9fd"
        string: "#f1fa8c"
        number: "#ffb86c"
      """#
    ),
    (
      "gruvbox",
      #"""
      # SPDX-License-Identifier: Apache-2.0
      # In the manner of Gruvbox.
      base: dark
      palette:
        ground: "#282828"
        panel: "#32302f"
        raised: "#3c3836"
        cursor: "#37474a"
        marked: "#5a451c"
        night: "#1d2021"
        ink: "#ebdbb2"
        soft: "#a89984"
        line: "#665c54"
        focus: "#fabd2f"
        accent: "#83a598"
        good: "#b8bb26"
        busy: "#8ec07c"
        caution: "#fabd2f"
        danger: "#fb6b55"
        key: "#83a598"
        string: "#b8bb26"
        number: "#d3869b"
      """#
    ),
    (
      "nord",
      #"""
      # SPDX-License-Identifier: Apache-2.0
      # In the manner of Nord.
      base: dark
      palette:
        ground: "#2e3440"
        panel: "#3b4252"
        raised: "#3f4757"
        cursor: "#3f5170"
        marked: "#54503f"
        night: "#242933"
        ink: "#e5e9f0"
        soft: "#a6b0c2"
        line: "#5b6780"
        focus: "#88c0d0"
        accent: "#88c0d0"
        good: "#a3be8c"
        busy: "#8fbcbb"
        caution: "#ebcb8b"
        danger: "#e58a93"
        key: "#8fb1d3"
        string: "#a3be8c"
        number: "#d6a58f"
      """#
    ),
    (
      "solarized",
      #"""
      # SPDX-License-Identifier: Apache-2.0
      # In the manner of Solarized, its text a step lighter.
      base: dark
      palette:
        ground: "#002b36"
        panel: "#073642"
        raised: "#0a3f4d"
        cursor: "#0d4459"
        marked: "#3d4a1c"
        night: "#00212b"
        ink: "#a9b7b7"
        soft: "#839496"
        line: "#586e75"
        focus: "#2aa198"
        accent: "#4aa3e0"
        good: "#93a600"
        busy: "#2fb3a9"
        caution: "#c79a1a"
        danger: "#ef6a62"
        key: "#4aa3e0"
        string: "#2fb3a9"
        number: "#e8833f"
      """#
    ),
  ]
}
