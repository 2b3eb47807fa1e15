<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>attributes</name>
    <message numerus="yes">
        <source>%n node(s)</source>
        <translation>
            <numerusform>%n node</numerusform>
            <numerusform>%n nodes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1, … and %n more</source>
        <translation>
            <numerusform>%1, … and %n more</numerusform>
            <numerusform>%1, … and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>group properties</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n group(s) of this make</source>
        <translation>
            <numerusform>%n group of this make</numerusform>
            <numerusform>%n groups of this make</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lapidary::CheckList</name>
    <message numerus="yes">
        <source>%n check(s) are good</source>
        <translation>
            <numerusform>%n check is good</numerusform>
            <numerusform>%n checks are good</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lapidary::GraphPage</name>
    <message numerus="yes">
        <source>%n level(s) open</source>
        <translation>
            <numerusform>%n level open</numerusform>
            <numerusform>%n levels open</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lapidary::ModelEditing</name>
    <message numerus="yes">
        <source>Removed %n node(s) that pass on what they get.</source>
        <translation>
            <numerusform>Removed %n node that passes on what it gets.</numerusform>
            <numerusform>Removed %n nodes that pass on what they get.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lapidary::ProblemsPanel</name>
    <message numerus="yes">
        <source>%n finding(s)</source>
        <translation>
            <numerusform>%n finding</numerusform>
            <numerusform>%n findings</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lapidary::RequestList</name>
    <message numerus="yes">
        <source>%n request(s)</source>
        <translation>
            <numerusform>%n request</numerusform>
            <numerusform>%n requests</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lapidary::ReviewStep</name>
    <message numerus="yes">
        <source>%n step(s)</source>
        <translation>
            <numerusform>%n step</numerusform>
            <numerusform>%n steps</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lapidary::SearchPanel</name>
    <message numerus="yes">
        <source>%Ln chain(s)</source>
        <translation>
            <numerusform>%Ln chain</numerusform>
            <numerusform>%Ln chains</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %Ln node(s)</source>
        <translation>
            <numerusform>%1 of %Ln node</numerusform>
            <numerusform>%1 of %Ln nodes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lapidary::SizesDialog</name>
    <message numerus="yes">
        <source>%n Reshape node(s) had the old size stored; it is open now.</source>
        <translation>
            <numerusform>%n Reshape node had the old size stored; it is open now.</numerusform>
            <numerusform>%n Reshape nodes had the old size stored; it is open now.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lapidary::StatusLine</name>
    <message numerus="yes">
        <source>%n node(s)</source>
        <translation>
            <numerusform>%n node</numerusform>
            <numerusform>%n nodes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lapidary::TestStep</name>
    <message numerus="yes">
        <source>%n request(s) failed. The first: %1</source>
        <translation>
            <numerusform>%n request failed: %1</numerusform>
            <numerusform>%n requests failed. The first: %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lapidary::ValueTree</name>
    <message numerus="yes">
        <source>%Ln more</source>
        <translation>
            <numerusform>%Ln more</numerusform>
            <numerusform>%Ln more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>model properties</name>
    <message numerus="yes">
        <source>%1 in %n tensor(s)</source>
        <translation>
            <numerusform>%1 in %n tensor</numerusform>
            <numerusform>%1 in %n tensors</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>without %n node(s) of unknown shape</source>
        <translation>
            <numerusform>without %n node of unknown shape</numerusform>
            <numerusform>without %n nodes of unknown shape</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n node(s)</source>
        <translation>
            <numerusform>%n node</numerusform>
            <numerusform>%n nodes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>without %n node(s) whose work depends on the values</source>
        <translation>
            <numerusform>without %n node whose work depends on the values</numerusform>
            <numerusform>without %n nodes whose work depends on the values</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>without %n value(s) of unknown size</source>
        <translation>
            <numerusform>without %n value of unknown size</numerusform>
            <numerusform>without %n values of unknown size</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more value(s) at the peak</source>
        <translation>
            <numerusform>and %n more value at the peak</numerusform>
            <numerusform>and %n more values at the peak</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>numbers</name>
    <message numerus="yes">
        <source>%n byte(s)</source>
        <translation>
            <numerusform>%n byte</numerusform>
            <numerusform>%n bytes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>value properties</name>
    <message numerus="yes">
        <source>and %n more node(s)</source>
        <translation>
            <numerusform>and %n more node</numerusform>
            <numerusform>and %n more nodes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n element(s) beyond five deviations are not in the plot</source>
        <translation>
            <numerusform>%n element beyond five deviations is not in the plot</numerusform>
            <numerusform>%n elements beyond five deviations are not in the plot</numerusform>
        </translation>
    </message>
</context>
</TS>
